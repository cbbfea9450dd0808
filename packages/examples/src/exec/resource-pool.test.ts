import { Status } from '@books/rpc'
import { describe, expect, it } from '@jest/globals'
import { createResourcePool, type Resource } from './resource-pool.ts'

const { signal } = new AbortController()

describe('a resource pool', () => {
  it('serves calls in the order in which they came, as many at a time as it has resources', async () => {
    const { pool, started } = fakePool(2, 2)
    const [first, second, third, fourth] = [callOf(pool), callOf(pool), callOf(pool), callOf(pool)]
    const names = [await first.resource, await second.resource]

    second.end()
    names.push(await third.resource)
    first.end()
    names.push(await fourth.resource)

    expect(names).toEqual(['1', '2', '2', '1'])
    expect(started).toHaveLength(2)
  })

  it('rejects a call at once if too many wait, and says when to try again', async () => {
    const { pool } = fakePool(1, 1)
    const [running, waiting] = [callOf(pool), callOf(pool)]

    await expect(pool.run(nameOf, signal)).rejects.toMatchObject({
      code: Status.RESOURCE_EXHAUSTED,
      details: { retryInfo: { retryDelay: { seconds: 1 } } },
    })
    running.end()
    await expect(waiting.resource).resolves.toBe('1')
  })

  it('gives the place of a call that is cancelled to another', async () => {
    const { pool } = fakePool(1, 1)
    const cancelled = new AbortController()
    const running = callOf(pool)
    const waiting = pool.run(nameOf, cancelled.signal)

    cancelled.abort()
    await expect(waiting).rejects.toThrow('abort')
    const next = callOf(pool)
    running.end()

    await expect(next.resource).resolves.toBe('1')
    await expect(pool.run(nameOf, cancelled.signal)).rejects.toThrow('abort')
  })

  it('loses no resource if the call that is next is cancelled just as a resource becomes free', async () => {
    const { pool } = fakePool(1, 2)
    const cancelled = new AbortController()
    const ended = Promise.withResolvers<void>()
    const started = Promise.withResolvers<void>()
    void pool.run(() => {
      started.resolve()
      return ended.promise
    }, signal)
    await started.promise
    const waiting = pool.run(nameOf, cancelled.signal)
    const next = callOf(pool)

    ended.resolve()
    cancelled.abort()

    await expect(waiting).rejects.toThrow('abort')
    await expect(next.resource).resolves.toBe('1')
  })

  it('replaces a resource that is no longer usable, even if it ended between two calls', async () => {
    const { pool, started } = fakePool(1, 0)

    await pool.run(({ stop }) => stop(), signal)
    const second = await pool.run(nameOf, signal)
    await started[1]?.stop()

    expect([second, await pool.run(nameOf, signal)]).toEqual(['2', '3'])
  })

  it('fails a call whose resource does not start, and starts another for the next call', async () => {
    let attempts = 0
    const pool = createResourcePool(
      async () => {
        if (++attempts === 1) throw new Error('no memory')
        return fakeResource('1')
      },
      1,
      0,
    )

    await expect(pool.run(nameOf, signal)).rejects.toThrow('no memory')
    await expect(pool.run(nameOf, signal)).resolves.toBe('1')
  })

  it('stops every resource, one that is just being started included', async () => {
    const starting = Promise.withResolvers<FakeResource>()
    const pool = createResourcePool(() => starting.promise, 1, 0)
    const resource = fakeResource('1')
    const call = callOf(pool)

    const stopped = pool.stop()
    starting.resolve(resource)
    await stopped
    call.end()

    expect(resource.isUsable()).toBe(false)
  })
})

interface FakeResource extends Resource {
  name: string
}

function fakeResource(name: string): FakeResource {
  let isUsable = true
  return {
    name,
    isUsable: () => isUsable,
    async stop() {
      isUsable = false
    },
  }
}

function fakePool(size: number, maxWaiting: number) {
  const started: FakeResource[] = []
  const start = async () => {
    const resource = fakeResource(String(started.length + 1))
    started.push(resource)
    return resource
  }
  return { started, pool: createResourcePool(start, size, maxWaiting) }
}

async function nameOf({ name }: FakeResource): Promise<string> {
  return name
}

/** A call that keeps its resource until it is told to end. */
function callOf(pool: { run: ReturnType<typeof createResourcePool<FakeResource>>['run'] }) {
  const resource = Promise.withResolvers<string>()
  const ended = Promise.withResolvers<void>()
  const work = async ({ name }: FakeResource) => {
    resource.resolve(name)
    await ended.promise
  }
  void pool.run(work, signal).catch(resource.reject)
  return { resource: resource.promise, end: ended.resolve }
}

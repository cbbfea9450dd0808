import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { streamOf } from '../../testing/streams.ts'
import { retryAfter } from '../call/error-details.ts'
import { silentLog } from '../call/log.ts'
import { notFound, Status, unavailable } from '../call/rpc-error.ts'
import { type Handlers, service } from '../call/service.ts'
import { TourService, tour, tourDescriptors } from '../call/tour.fixture.ts'
import { startServer } from '../server/server.ts'
import { createClient } from './client.ts'

describe('retries', () => {
  let opened: AsyncDisposableStack
  beforeEach(() => {
    opened = new AsyncDisposableStack()
  })
  afterEach(() => opened.disposeAsync())

  it('retry a read-only call while the server is unavailable', async () => {
    let calls = 0
    const client = await serveTour({
      async greet({ name }) {
        if (++calls < 3) throw unavailable('Not yet')
        return { text: `Hello, ${name}` }
      },
    })

    expect(await client.greet({ name: 'Ada' })).toEqual({ text: 'Hello, Ada' })
    expect(calls).toBe(3)
  })

  it('do not apply to a method that may have side effects', async () => {
    let calls = 0
    const fail = () => {
      calls++
      throw unavailable('Not now')
    }
    const client = await serveTour({ greet: fail, count: fail, sum: fail, chat: fail }, 'Count')

    await expect(client.greet({ name: 'Ada' })).rejects.toMatchObject({ code: Status.UNAVAILABLE })
    await expect(client.sum(streamOf())).rejects.toMatchObject({ code: Status.UNAVAILABLE })
    await expect(Array.fromAsync(client.chat(streamOf()))).rejects.toMatchObject({ code: Status.UNAVAILABLE })
    expect(calls).toBe(3)
  })

  it('do not apply to a call that fails for another reason', async () => {
    let calls = 0
    const client = await serveTour({
      greet() {
        calls++
        throw notFound('No such reader')
      },
    })

    await expect(client.greet({ name: 'Ada' })).rejects.toMatchObject({ code: Status.NOT_FOUND })
    expect(calls).toBe(1)
  })

  it('retry a stream that sent nothing, and none that did', async () => {
    let calls = 0
    const client = await serveTour({
      async *count({ to }) {
        calls++
        if (to === 1 && calls === 2) yield { number: 1 }
        else {
          if (to === 2) yield { number: 1 }
          throw unavailable('Not now')
        }
      },
    })

    expect(await Array.fromAsync(client.count({ to: 1 }))).toEqual([{ number: 1 }])
    expect(calls).toBe(2)
    await expect(Array.fromAsync(client.count({ to: 2 }))).rejects.toMatchObject({ code: Status.UNAVAILABLE })
    expect(calls).toBe(3)
  })

  it('wait as long as the server demands', async () => {
    const arrivals: number[] = []
    const client = await serveTour({
      async greet({ name }) {
        arrivals.push(performance.now())
        if (arrivals.length === 1) throw unavailable('Busy', retryAfter(400))
        return { text: `Hello, ${name}` }
      },
    })

    await client.greet({ name: 'Ada' })

    // Timers of Node may be a millisecond early. By itself a client would retry after about 10 ms.
    const [first = 0, second = 0] = arrivals
    expect(second - first).toBeGreaterThanOrEqual(399)
  })

  it('stop where the server demands it', async () => {
    let calls = 0
    const client = await serveTour({
      greet(_request, call) {
        calls++
        call.trailer.set('grpc-retry-pushback-ms', '-1')
        throw unavailable('Not today')
      },
    })

    await expect(client.greet({ name: 'Ada' })).rejects.toMatchObject({ code: Status.UNAVAILABLE })
    expect(calls).toBe(1)
  })

  it('add at most a tenth to the calls of the last of three servers when all fail', async () => {
    const oneAfterTheOther = callFailingChain(100, 1)
    const fiftyAtATime = callFailingChain(500, 50)

    for (const { calls, failed, leafCalls } of await Promise.all([oneAfterTheOther, fiftyAtATime])) {
      expect(failed).toBe(calls)
      expect(leafCalls).toBeGreaterThanOrEqual(calls)
      expect(leafCalls).toBeLessThanOrEqual(1.1 * calls)
    }
  })

  /** Calls the first of three servers, of which each calls the next and the last fails. */
  async function callFailingChain(calls: number, lanes: number) {
    let leafCalls = 0
    const leaf = await serveTour({
      greet() {
        leafCalls++
        throw unavailable('Down')
      },
    })
    const middle = await serveTour({ greet: (request) => leaf.greet(request) })
    const root = await serveTour({ greet: (request) => middle.greet(request) })
    let begun = 0
    let failed = 0
    const lane = async () => {
      while (begun++ < calls) await root.greet({ name: 'Ada' }).catch(() => failed++)
    }

    await Promise.all(Array.from({ length: lanes }, lane))
    return { calls, failed, leafCalls }
  }

  async function serveTour(handlers: Partial<Handlers<typeof TourService>>, ...readOnly: string[]) {
    const services = [service(TourService, tour(handlers))]
    const server = await startServer({ address: '127.0.0.1:0', log: silentLog, services })
    const descriptors = tourDescriptors(...(readOnly.length > 0 ? readOnly : ['Greet', 'Count', 'Sum', 'Chat']))
    const client = createClient(TourService, { address: `127.0.0.1:${server.port}`, descriptors })
    opened.defer(server.stop)
    opened.defer(client.close)
    return client
  }
})

import { EventEmitter, once } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import { serve } from '../../testing/index.ts'
import { Status } from '../call/rpc-error.ts'
import { service } from '../call/service.ts'
import { TourService, tour } from '../call/tour.fixture.ts'
import type { Limits } from '../connections/limits.ts'
import { recordedLog } from '../tls/tls.fixture.ts'

describe('a limit of calls in flight', () => {
  it('fails a call above it at once, with a time to retry after', async () => {
    const entered = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    await using server = await start({
      async greet({ name }: { name: string }) {
        entered.resolve()
        await finish.promise
        return { text: `Hello, ${name}` }
      },
    })
    const client = server.client(TourService)

    const first = client.greet({ name: 'Ada' })
    await entered.promise
    const second = client.greet({ name: 'Bob' })

    await expect(second).rejects.toMatchObject({
      code: Status.RESOURCE_EXHAUSTED,
      message: 'Too many calls in flight',
      details: { retryInfo: { retryDelay: { seconds: 1, nanos: 0 } } },
    })
    finish.resolve()
    expect(await first).toEqual({ text: 'Hello, Ada' })
    expect(await client.greet({ name: 'Cy' })).toEqual({ text: 'Hello, Cy' })
  })

  it('counts a stream until it ends', async () => {
    const ended = Promise.withResolvers<void>()
    await using server = await start({ count: () => endlessNumbers(ended.resolve) })
    const client = server.client(TourService)

    const numbers = client.count({ to: 0 })[Symbol.asyncIterator]()
    await numbers.next()
    await expect(client.greet({ name: 'Ada' })).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED })
    await numbers.return?.()
    await ended.promise

    expect(await client.greet({ name: 'Ada' })).toEqual({ text: 'Hello, Ada' })
  })

  it('counts a stream no longer whose end fails after its reader broke off, and that failure is logged once', async () => {
    const log = recordedLog()
    const failure = new TypeError('the file is not open')
    const fail = () => {
      throw failure
    }
    await using server = await start({ count: () => endlessNumbers(fail) }, { log })
    const client = server.client(TourService)

    for await (const _ of client.count({ to: 0 })) break
    await log.has('the handler failed')

    expect(await client.greet({ name: 'Ada' })).toEqual({ text: 'Hello, Ada' })
    expect(log.lines).toMatchObject([{ level: 'error', fields: { err: failure, method: '/test.Tour/Count' } }])
  })

  it('logs nothing of a handler that fails because its caller cancelled', async () => {
    const log = recordedLog()
    const ends = Promise.withResolvers<void>()
    await using server = await start(
      {
        async *count(_request, { signal }) {
          yield { number: 1 }
          try {
            await once(new EventEmitter(), 'never', { signal })
          } finally {
            ends.resolve()
          }
        },
      },
      { log },
    )

    for await (const _ of server.client(TourService).count({ to: 2 })) break
    await ends.promise
    await server.stop()

    expect(log.lines).toEqual([])
  })
})

type Replaced = Parameters<typeof tour>[0]

function start(handlers: Replaced, options: Parameters<typeof serve>[1] = {}, limits: Partial<Limits> = {}) {
  return serve([service(TourService, tour(handlers))], { limits: { callsInFlight: 1, ...limits }, ...options })
}

async function* endlessNumbers(onEnd: () => void) {
  try {
    for (let number = 1; ; number++) yield { number }
  } finally {
    onEnd()
  }
}

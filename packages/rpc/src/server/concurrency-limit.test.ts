import { EventEmitter, once } from 'node:events'
import { connect } from 'node:http2'
import { createConnection as connectSocket } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { serve } from '../../testing/index.ts'
import { Status } from '../call/rpc-error.ts'
import { service } from '../call/service.ts'
import { TourService, tour } from '../call/tour.fixture.ts'
import { createHealthClient } from '../client/client.ts'
import type { Limits } from '../connections/limits.ts'
import { ServingStatus } from '../health/health-service.ts'
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

  it('leaves room for other calls beside those that stay open', async () => {
    await using server = await start(
      { count: () => endlessNumbers(() => {}) },
      {},
      { callsInFlight: 4, openEndedCalls: 1 },
    )
    const client = server.client(TourService)
    const open = { deadlineMs: Number.POSITIVE_INFINITY }

    const first = client.count({ to: 0 }, open)[Symbol.asyncIterator]()
    await first.next()
    const second = client.count({ to: 0 }, open)[Symbol.asyncIterator]()

    await expect(second.next()).rejects.toMatchObject({
      code: Status.RESOURCE_EXHAUSTED,
      message: 'Too many calls that stay open',
    })
    expect(await client.greet({ name: 'Ada' })).toEqual({ text: 'Hello, Ada' })
    await first.return?.()
  })

  it('holds for watches of health, and not for its checks', async () => {
    await using server = await start({}, {}, { callsInFlight: 1 })
    const open = { address: `127.0.0.1:${server.port}`, deadlineMs: Number.POSITIVE_INFINITY }
    using health = createHealthClient(open)

    const first = health.watch({})[Symbol.asyncIterator]()
    await first.next()
    const second = health.watch({})[Symbol.asyncIterator]()

    await expect(second.next()).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED })
    expect(await health.check({})).toEqual({ status: ServingStatus.SERVING })
    await first.return?.()
  })

  it('leaves room for other addresses than the one whose calls reach the limit of one', async () => {
    await using server = await start({}, {}, { callsInFlight: 4, callsPerPeer: 3 })
    const createConnection = () => connectSocket({ port: server.port, host: '127.0.0.1', localAddress: '127.0.0.2' })
    const offender = connect('http://127.0.0.1', { createConnection }).on('error', () => {})

    const idle = [1, 2, 3].map(() => offender.request({ ...headers, ':path': '/test.Tour/Sum' }))
    const [refused] = await once(offender.request({ ...headers, ':path': '/test.Tour/Sum' }), 'response')

    expect(refused).toMatchObject({
      'grpc-status': String(Status.RESOURCE_EXHAUSTED),
      'grpc-message': 'Too%20many%20calls%20in%20flight%20from%20this%20address',
      'grpc-retry-pushback-ms': '1000',
    })
    expect(await server.client(TourService).greet({ name: 'Ada' })).toEqual({ text: 'Hello, Ada' })
    for (const stream of idle) stream.end()
    await Promise.all(idle.map((stream) => once(stream.resume(), 'close')))
    const [accepted] = await once(offender.request({ ...headers, ':path': '/test.Tour/Sum' }).end(), 'response')
    expect(accepted).toMatchObject({ ':status': 200, 'grpc-encoding': 'identity' })
    offender.destroy()
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

const headers = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' }

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

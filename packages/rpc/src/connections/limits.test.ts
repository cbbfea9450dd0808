import { once } from 'node:events'
import { type ClientHttp2Session, connect, constants } from 'node:http2'
import { createConnection, type Socket } from 'node:net'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { type handleUnaryCall, Server } from '@grpc/grpc-js'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { serve } from '../../testing/index.ts'
import { Status } from '../call/rpc-error.ts'
import { type Handlers, service } from '../call/service.ts'
import { TourService, tour, tourDescriptors } from '../call/tour.fixture.ts'
import { createClient, createHealthClient } from '../client/client.ts'
import { ServingStatus } from '../health/health-service.ts'
import { listen } from '../server/listen.ts'
import type { Limits } from './limits.ts'

const callHeaders = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' }
const quickChecks = { checkEveryMs: 200 }
const maxBytes = 4 * 1024 * 1024
const tooLarge = 'x'.repeat(maxBytes)

describe('limits', () => {
  let opened: AsyncDisposableStack
  beforeEach(() => {
    opened = new AsyncDisposableStack()
  })
  afterEach(() => opened.disposeAsync())

  it('close a connection that resets stream after stream, and no other', async () => {
    const { client, port } = await start({ resetsPerConnection: 5, rapidResetMs: 60_000 }, tour())
    const offender = connect(`http://127.0.0.1:${port}`)
    offender.on('error', () => {})
    const closed = once(offender, 'close')

    const requests = Array.from({ length: 10 }, () => offender.request({ ...callHeaders, ':path': '/test.Tour/Greet' }))
    for (const request of requests) request.on('error', () => {})
    // The server has received them all once it replies to this.
    await new Promise((resolve) => offender.ping(resolve))
    for (const request of requests) request.close(constants.NGHTTP2_CANCEL)

    await closed
    expect(await client.greet({ name: 'Ada' })).toEqual({ text: 'Hello, Ada' })
  })

  it('keep a connection whose calls reach their deadlines, however many at once', async () => {
    const { port } = await start({ resetsPerConnection: 5, rapidResetMs: 0 }, tour())
    const honest = speakHttp2(port)

    const requests = Array.from({ length: 50 }, () => honest.request({ ...callHeaders, ':path': '/test.Tour/Greet' }))
    for (const request of requests) request.on('error', () => {})
    await new Promise((resolve) => honest.ping(resolve))
    const closed = requests.map((request) => once(request, 'close'))
    for (const request of requests) request.close(constants.NGHTTP2_CANCEL)
    await Promise.all(closed)
    // Node replies to a ping before it reports the resets that came with it.
    for (let round = 0; round < 2; round++) await new Promise((resolve) => honest.ping(resolve))

    expect(honest.destroyed).toBe(false)
  })

  it('do not apply to health', async () => {
    const { port } = await start({ callsInFlight: 0 })
    const health = createHealthClient({ address: `127.0.0.1:${port}` })
    opened.defer(health.close)

    expect(await health.check({ service: '' })).toEqual({ status: ServingStatus.SERVING })
  })

  it('accept messages of up to 4 MiB, in both directions', async () => {
    const { client } = await start()
    const name = 'x'.repeat(maxBytes - 100)

    expect(await client.greet({ name })).toEqual({ text: `Hello, ${name}` })
  })

  it('end a call with a larger request with RESOURCE_EXHAUSTED', async () => {
    const { client } = await start()

    await expect(client.greet({ name: tooLarge })).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED })
    expect(await client.greet({ name: 'Ada' })).toEqual({ text: 'Hello, Ada' })
  })

  it('end a call with a larger response with RESOURCE_EXHAUSTED, which the server does not send', async () => {
    const { client } = await start({}, { greet: async () => ({ text: tooLarge }) })

    await expect(client.greet({ name: 'Ada' })).rejects.toMatchObject({
      code: Status.RESOURCE_EXHAUSTED,
      message: expect.stringContaining('Sent'),
    })
  })

  it('end a call with a larger response with RESOURCE_EXHAUSTED, which the client does not accept', async () => {
    const server = new Server({ 'grpc.max_send_message_length': -1 })
    const greet: handleUnaryCall<unknown, { text: string }> = (_call, callback) => callback(null, { text: tooLarge })
    server.addService({ greet: TourService.greet }, { greet })
    const port = await listen(server, ['127.0.0.1:0'])
    const client = clientOf(port)
    opened.defer(() => server.forceShutdown())

    await expect(client.greet({ name: 'Ada' })).rejects.toMatchObject({
      code: Status.RESOURCE_EXHAUSTED,
      message: expect.stringContaining('Received'),
    })
  })

  it('close a connection above the limit', async () => {
    const { port, client } = await start({ connections: 1 })
    await client.greet({ name: 'Ada' })

    const second = createConnection(port, '127.0.0.1')
    second.on('error', () => {})

    await once(second, 'close')
    expect(await client.greet({ name: 'Bob' })).toEqual({ text: 'Hello, Bob' })
  })

  it('close a connection above the limit of one address, and none of another', async () => {
    const { port, client } = await start({ connectionsPerPeer: 2 })
    const from = (localAddress: string) =>
      createConnection({ port, host: '127.0.0.1', localAddress }).on('error', () => {})
    const [first, second] = [from('127.0.0.2'), from('127.0.0.2')]
    await Promise.all([once(first, 'connect'), once(second, 'connect')])

    await once(from('127.0.0.2'), 'close')
    expect(await client.greet({ name: 'Ada' })).toEqual({ text: 'Hello, Ada' })
    first.destroy()
    // The server may see the end of the first one later.
    while (!(await answersPing(from('127.0.0.2'))));
    second.destroy()
  })

  it('queue calls above the streams of a connection', async () => {
    let running = 0
    let most = 0
    const { client } = await start(
      { streamsPerConnection: 2 },
      {
        async greet({ name }) {
          most = Math.max(most, ++running)
          await setImmediate()
          running--
          return { text: `Hello, ${name}` }
        },
      },
    )

    const greetings = await Promise.all(Array.from({ length: 20 }, () => client.greet({ name: 'Ada' })))

    expect(greetings).toHaveLength(20)
    expect(most).toBe(2)
  })

  it('close an idle connection, and the client reconnects', async () => {
    const { port, client } = await start({ idleMs: 10 })
    await client.greet({ name: 'Ada' })
    const idle = speakHttp2(port)

    await once(idle, 'close')

    expect(await client.greet({ name: 'Bob' })).toEqual({ text: 'Hello, Bob' })
  })

  it('keep a connection that replies to pings', async () => {
    const { port } = await start({ ...quickChecks, keepaliveMs: 200, keepaliveTimeoutMs: 1_000 })
    const quiet = speakHttp2(port)

    await once(quiet, 'ping')
    await once(quiet, 'ping')

    expect(quiet.closed).toBe(false)
  })

  it('do not close a connection that finishes its last call', async () => {
    const { client, stop } = await start(
      { ...quickChecks, keepaliveMs: 200, keepaliveTimeoutMs: 200 },
      {
        async greet({ name }) {
          void stop()
          await setTimeout(1_000)
          return { text: `Goodbye, ${name}` }
        },
      },
    )

    expect(await client.greet({ name: 'Ada' })).toEqual({ text: 'Goodbye, Ada' })
  })

  it('keep a connection with a slow stream while its other calls make progress', async () => {
    const { port, client } = await start({ ...quickChecks, stalledMs: 600 })
    const offender = speakHttp2(port, 0)
    count(offender)

    const numbers = client.count({ to: 8_000 })[Symbol.asyncIterator]()
    await numbers.next()
    while (!offender.closed) await client.greet({ name: 'Ada' })

    expect(await Array.fromAsync({ [Symbol.asyncIterator]: () => numbers })).toHaveLength(7_999)
  })

  async function start(limits: Partial<Limits> = {}, handlers: Partial<Handlers<typeof TourService>> = {}) {
    const { port, stop } = await serve([service(TourService, tour(handlers))], { limits })
    const client = clientOf(port)
    opened.defer(stop)
    return { port, client, stop }
  }

  function clientOf(port: number) {
    const client = createClient(TourService, {
      address: `127.0.0.1:${port}`,
      descriptors: tourDescriptors(),
      deadlineMs: 60_000,
    })
    opened.defer(client.close)
    return client
  }

  function speakHttp2(port: number, initialWindowSize = 65_535): ClientHttp2Session {
    const session = connect(`http://127.0.0.1:${port}`, { settings: { initialWindowSize } })
    session.on('error', () => {})
    opened.defer(() => session.destroy())
    return session
  }
})

async function answersPing(socket: Socket): Promise<boolean> {
  const session = connect('http://127.0.0.1', { createConnection: () => socket }).on('error', () => {})
  const answers = await new Promise<boolean>((resolve) => {
    session.on('close', () => resolve(false))
    session.on('connect', () => session.ping((error) => resolve(error === null)))
  })
  session.destroy()
  return answers
}

/** Requests a long stream. */
function count(session: ClientHttp2Session): void {
  const message = Buffer.from('\0\0\0\0\u0010{"to":1000000000}', 'latin1')
  message.writeUInt32BE(message.length - 5, 1)
  const headers = { ':method': 'POST', ':path': '/test.Tour/Count', 'content-type': 'application/grpc', te: 'trailers' }
  session
    .request(headers)
    .on('error', () => {})
    .end(message)
}

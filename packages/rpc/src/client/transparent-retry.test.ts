import { once } from 'node:events'
import { constants, createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { serve } from '../../testing/index.ts'
import { Status } from '../call/rpc-error.ts'
import { service } from '../call/service.ts'
import { TourService, tour, tourDescriptors } from '../call/tour.fixture.ts'
import { createClient } from './client.ts'

// More at once than grpc-js itself retries.
const atOnce = 20
// More than grpc-js keeps of a call for its own retries.
const largeName = 'x'.repeat(1_100_000)

describe('calls without a response', () => {
  let opened: AsyncDisposableStack
  beforeEach(() => {
    opened = new AsyncDisposableStack()
  })
  afterEach(() => opened.disposeAsync())

  it('are retried when they are read-only and lose their connection', async () => {
    const server = await startRaw()
    const client = clientOf(server.port, 'Greet')
    await answerSome(client, 10 * atOnce)

    server.loseNext(atOnce)
    const answers = await Promise.all(Array.from({ length: atOnce }, () => client.greet({ name: 'Ada' })))

    expect(answers).toHaveLength(atOnce)
  })

  it('fail when they are not read-only and lose their connection', async () => {
    const server = await startRaw()
    const client = clientOf(server.port, 'Count')
    await answerSome(client, 10 * atOnce)

    server.loseNext(atOnce)
    const ends = await Promise.allSettled(Array.from({ length: atOnce }, () => client.greet({ name: 'Ada' })))

    const failed = { status: 'rejected', reason: { code: Status.UNAVAILABLE } }
    expect(ends).toMatchObject(ends.map(() => failed))
  })

  it('are retried when the server refuses them, whatever they do', async () => {
    const server = await startRaw()
    const client = clientOf(server.port)

    server.refuseNext(4)

    expect(await client.greet({ name: 'Ada' })).toEqual({ text: 'Hello' })
    server.refuseNext(4)
    expect(await Array.fromAsync(client.count({ to: 1 }))).toEqual([{ text: 'Hello' }])
  })

  it('are retried however many the server refuses at once, also without earlier successes', async () => {
    const server = await startRaw()
    const client = clientOf(server.port)
    server.refuseNext(atOnce)
    const answers = await Promise.all(Array.from({ length: atOnce }, () => client.greet({ name: largeName })))

    expect(answers).toHaveLength(atOnce)
  })

  it('are retried when their connection ends before it had room for them', async () => {
    const greet = async ({ name }: { name: string }) => {
      await setTimeout(50)
      return { text: `Hello, ${name.length}` }
    }
    const options = { connectionAgeMs: 50, limits: { streamsPerConnection: 10 } }
    await using server = await serve([service(TourService, tour({ greet }))], options)
    const client = clientOf(server.port)

    // A busy machine takes its time for so many bytes.
    const greetOnce = () => client.greet({ name: largeName }, { deadlineMs: 100_000 })
    const answers = await Promise.all(Array.from({ length: 4 * 10 }, greetOnce))

    expect(answers).toHaveLength(40)
  })

  it('are retried however often the server refuses them', async () => {
    const server = await startRaw()
    const client = clientOf(server.port)

    server.refuseNext(22)

    expect(await client.greet({ name: 'Ada' })).toEqual({ text: 'Hello' })
    expect(server.streams()).toBe(23)
  })

  it.each([
    ['at their deadline', () => ({ deadlineMs: 300 }), Status.DEADLINE_EXCEEDED],
    ['when they are cancelled', () => ({ signal: AbortSignal.timeout(300) }), Status.CANCELLED],
  ])('fail %s, where the server refuses each, with pauses between them', async (_when, optionsOf, code) => {
    const server = await startRaw()
    const client = clientOf(server.port)

    server.refuseNext(Number.POSITIVE_INFINITY)

    await expect(client.greet({ name: 'Ada' }, optionsOf())).rejects.toMatchObject({ code })
    // Without pauses, it would be hundreds.
    expect(server.streams()).toBeLessThan(60)
  })

  it('are retried after a lost connection for at most a tenth of the calls that succeeded', async () => {
    const server = await startRaw()
    const client = clientOf(server.port, 'Greet')
    await answerSome(client, 30)
    const before = server.streams()

    server.loseEach()
    const end = client.greet({ name: 'Ada' })

    await expect(end).rejects.toMatchObject({ code: Status.UNAVAILABLE })
    // Four attempts by gRPC's own retries, which its throttle stops then, and three by the budget.
    expect(server.streams() - before).toBe(4 + 3)
  })

  function clientOf(port: number, ...readOnly: string[]) {
    const client = createClient(TourService, {
      address: `127.0.0.1:${port}`,
      descriptors: tourDescriptors(...readOnly),
    })
    opened.defer(client.close)
    return client
  }

  /** Makes one call more than `count`, for the error of floating point. */
  async function answerSome(client: ReturnType<typeof clientOf>, count: number) {
    for (let answered = 0; answered <= count; answered++) await client.greet({ name: 'Ada' })
  }

  /** A bare HTTP/2 server that responds to each call with one message by default. */
  async function startRaw() {
    let streams = 0
    let toRefuse = 0
    let toLose = 0
    let losesEach = false
    const sessions = new Set<ServerHttp2Session>()
    const server = createServer()
    server.on('session', (session) => {
      sessions.add(session)
      session.on('error', () => {})
    })
    server.on('stream', (stream) => {
      streams++
      stream.on('error', () => {})
      if (toRefuse-- > 0) stream.close(constants.NGHTTP2_REFUSED_STREAM)
      else if (losesEach) stream.session?.socket.destroy()
      else if (toLose === 0) answer(stream)
      else if (--toLose === 0) stream.session?.socket.destroy()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    opened.defer(() => {
      for (const session of sessions) session.destroy()
      server.close()
    })
    return {
      port: (server.address() as { port: number }).port,
      streams: () => streams,
      refuseNext(count: number) {
        toRefuse = count
      },
      /** Holds the next calls, and ends their connection with the last of them. */
      loseNext(count: number) {
        toLose = count
      },
      /** Ends the connection of each call from now on. */
      loseEach() {
        losesEach = true
      },
    }
  }
})

function answer(stream: ServerHttp2Stream): void {
  const message = Buffer.from(JSON.stringify({ text: 'Hello' }))
  const frame = Buffer.alloc(5)
  frame.writeUInt32BE(message.length, 1)
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
  stream.end(Buffer.concat([frame, message]))
}

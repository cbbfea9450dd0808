import { once } from 'node:events'
import { constants, createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import { afterEach, describe, expect, it } from '@jest/globals'
import { Status } from '../call/rpc-error.ts'
import { all, TourService } from '../call/tour.fixture.ts'
import { tourDescriptors } from '../call/tour-descriptors.fixture.ts'
import { createClient } from './client.ts'

// More at once than grpc-js itself makes again.
const atOnce = 20

describe('calls that no server answered', () => {
  const closers: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
  })

  it('are made again when read-only ones lose their connection', async () => {
    const server = await startRaw()
    const client = clientOf(server.port, 'Greet')
    await answerSome(client)

    server.loseNext(atOnce)
    const answers = await Promise.all(Array.from({ length: atOnce }, () => client.greet({ name: 'Ada' })))

    expect(answers).toHaveLength(atOnce)
  })

  it('fail when others lose their connection', async () => {
    const server = await startRaw()
    const client = clientOf(server.port, 'Count')
    await answerSome(client)

    server.loseNext(atOnce)
    const ends = await Promise.allSettled(Array.from({ length: atOnce }, () => client.greet({ name: 'Ada' })))

    const failed = { status: 'rejected', reason: { code: Status.UNAVAILABLE } }
    expect(ends).toMatchObject(ends.map(() => failed))
  })

  it('are made again when the server refuses them, whatever they do', async () => {
    const server = await startRaw()
    const client = clientOf(server.port)
    await answerSome(client)

    server.refuseNext(4)

    expect(await client.greet({ name: 'Ada' })).toEqual({ text: 'Hello' })
    server.refuseNext(4)
    expect(await all(client.count({ to: 1 }))).toEqual([{ text: 'Hello' }])
  })

  it('are made again no more often than a tenth of the others succeeded', async () => {
    const server = await startRaw()
    const client = clientOf(server.port)
    await answerSome(client)
    const before = server.streams()

    server.refuseNext(1_000)

    await expect(client.greet({ name: 'Ada' })).rejects.toMatchObject({ code: Status.UNAVAILABLE })
    // Each attempt is two streams, as grpc-js makes a refused call again once by itself.
    expect(server.streams() - before).toBe(2 * (1 + (10 * atOnce) / 10))
  })

  function clientOf(port: number, ...readOnly: string[]) {
    const client = createClient(TourService, {
      address: `127.0.0.1:${port}`,
      descriptors: tourDescriptors(...readOnly),
    })
    closers.unshift(client.close)
    return client
  }

  /** Ten times as many as may be made again later, and one for what floating point takes. */
  async function answerSome(client: ReturnType<typeof clientOf>) {
    for (let answered = 0; answered <= 10 * atOnce; answered++) await client.greet({ name: 'Ada' })
  }

  /** A server of bare HTTP/2 that answers each call with one message unless it is told otherwise. */
  async function startRaw() {
    let streams = 0
    let toRefuse = 0
    let toLose = 0
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
      else if (toLose === 0) answer(stream)
      else if (--toLose === 0) stream.session?.socket.destroy()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closers.push(() => {
      for (const session of sessions) session.destroy()
      server.close()
    })
    return {
      port: (server.address() as { port: number }).port,
      streams: () => streams,
      refuseNext(count: number) {
        toRefuse = count
      },
      /** Holds so many calls, and ends their connection with the last of them. */
      loseNext(count: number) {
        toLose = count
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

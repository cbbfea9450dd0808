import { once } from 'node:events'
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2'
import { createConnection } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { serve } from '../../testing/index.ts'
import { Status } from './rpc-error.ts'
import { service } from './service.ts'
import { TourService, tour } from './tour.fixture.ts'

// Longer than a timer whose delay overflows.
const overflowMs = 20
const slowly = Buffer.from('{"name": "slowly"}')

describe('bad input', () => {
  let server: Awaited<ReturnType<typeof serve>>
  let session: ClientHttp2Session
  const errors: unknown[] = []
  const log = { info() {}, error: (...line: unknown[]) => errors.push(line) }

  beforeAll(async () => {
    const greet = async ({ name }: { name: string }) => {
      if (name === 'slowly') await setTimeout(overflowMs)
      return { text: `Hello, ${name}` }
    }
    server = await serve([service(TourService, tour({ greet }))], { log })
    session = connect(`http://127.0.0.1:${server.port}`)
  })
  afterAll(async () => {
    session.close()
    await server.stop()
  })

  // Whatever was sent, the next call succeeds.
  afterEach(async () => {
    expect(await server.client(TourService).greet({ name: 'Ada' })).toEqual({ text: 'Hello, Ada' })
    expect(errors).toEqual([])
  })

  it("fails a call with malformed bytes with INTERNAL, without the parser's error", async () => {
    const { headers } = await post('/test.Tour/Greet', frame(Buffer.from('{"name": ')))

    expect(headers).toMatchObject({ 'grpc-status': String(Status.INTERNAL) })
    expect(decodeURI(String(headers['grpc-message']))).toBe('Error deserializing request')
  })

  it('fails a stream at a malformed message, after it handled those before', async () => {
    const good = frame(Buffer.from('{"text": "one"}'))
    // Longer than a frame of HTTP/2, so that its end arrives while the handler runs.
    const bad = frame(Buffer.alloc(17_600, '{'))

    const { headers } = await post('/test.Tour/Chat', Buffer.concat([good, good, bad, good]))

    expect(headers).toMatchObject({ 'grpc-status': String(Status.INTERNAL) })
  })

  it('fails a stream whose next message is larger than the limit with RESOURCE_EXHAUSTED, though it then responds', async () => {
    const good = frame(Buffer.from('{"text": "one"}'))
    const head = Buffer.alloc(5, 0xff)
    // In frames of HTTP/2 of its own, so that messages before it are being handled.
    const { headers } = await post('/test.Tour/Chat', Buffer.concat([...Array(2_000).fill(good), head]))

    expect(headers).toMatchObject({ 'grpc-status': String(Status.RESOURCE_EXHAUSTED) })
  })

  it('fails a call of an unknown method with UNIMPLEMENTED', async () => {
    const { headers } = await post('/test.Tour/Fly', frame(Buffer.from('{}')))

    expect(headers).toMatchObject({ 'grpc-status': String(Status.UNIMPLEMENTED) })
  })

  it('responds to a content type that is not gRPC with 415', async () => {
    const { status } = await post('/test.Tour/Greet', frame(Buffer.from('{}')), { 'content-type': 'text/html' })

    expect(status).toBe(415)
  })

  it.each(['soon', '', '-5S', '5', '5.5S', '123456789S', '5S, 6S', '5S and more'])(
    'fails a call with the malformed timeout "%s" with INTERNAL',
    async (timeout) => {
      const { headers } = await post('/test.Tour/Greet', frame(Buffer.from('{}')), { 'grpc-timeout': timeout })

      expect(headers).toMatchObject({ 'grpc-status': String(Status.INTERNAL) })
    },
  )

  // Of each unit the longest, and the shortest of more than 24.8 days, where a timer of Node would fire at once.
  it.each(['99999999H', '597H', '99999999M', '35792M', '99999999S', '2147484S', '99999999m'])(
    'handles a call with the long timeout %s',
    async (timeout) => {
      const { headers } = await post('/test.Tour/Greet', frame(slowly), { 'grpc-timeout': timeout })

      expect(headers).toMatchObject({ 'grpc-status': String(Status.OK) })
    },
  )

  it('fails a call without a message with UNIMPLEMENTED', async () => {
    const { headers } = await post('/test.Tour/Greet', Buffer.alloc(0))

    expect(headers).toMatchObject({ 'grpc-status': String(Status.UNIMPLEMENTED) })
  })

  it('fails a call whose message is larger than the limit with RESOURCE_EXHAUSTED', async () => {
    const { headers } = await post('/test.Tour/Greet', frame(Buffer.alloc(5 * 1024 * 1024)))

    expect(headers).toMatchObject({ 'grpc-status': String(Status.RESOURCE_EXHAUSTED) })
  })

  it.each([
    ['bytes that are not HTTP/2', Buffer.from('\u0000\u0001\u0002 what is this? \r\n\r\n')],
    ['HTTP/1.1', Buffer.from('GET / HTTP/1.1\r\nHost: books\r\n\r\n')],
    ['half a frame after the preface', Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\uffff')],
  ])('closes a connection that speaks %s', async (_, bytes) => {
    const socket = createConnection(server.port, '127.0.0.1')
    socket.on('error', () => {})

    socket.write(bytes)
    socket.end()
    socket.resume()

    expect(await once(socket, 'close')).toBeDefined()
  })

  /** Sends a body as it is and collects the response's headers and trailers. */
  async function post(path: string, body: Buffer, headers: Record<string, string> = {}) {
    const request = session.request({ ...callHeaders, ':path': path, ...headers })
    const answer: IncomingHttpHeaders = {}
    request.on('response', (received) => Object.assign(answer, received))
    request.on('trailers', (received) => Object.assign(answer, received))
    request.on('error', () => {})
    request.resume()
    request.end(body)
    await once(request, 'close')

    return { status: Number(answer[':status']), headers: answer }
  }
})

const callHeaders = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' }

/** A message as gRPC frames it: uncompressed, its length, its bytes. */
function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}

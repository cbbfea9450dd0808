import { type ClientHttp2Session, connect, constants } from 'node:http2'
import { createConnection } from 'node:net'
import type { CallInput, ConnectionInput } from './inputs.fixture.ts'

/** The headers and trailers of a response; none where the server only reset the stream. */
export type Answer = Record<string, string | number>

/** Sends calls on one connection, all at once, and waits for all to end. */
export async function sendCalls(port: number, inputs: readonly CallInput[]): Promise<Answer[]> {
  const session = connect(`http://127.0.0.1:${port}`)
  session.on('error', () => {})
  try {
    return await Promise.all(inputs.map((input) => sendCall(session, input)))
  } finally {
    session.destroy()
  }
}

function sendCall(session: ClientHttp2Session, { path, headers, body, ends }: CallInput): Promise<Answer> {
  const request = session.request({ ':method': 'POST', ':path': path, ...headers })
  const answer: Answer = {}
  request.on('response', (received) => Object.assign(answer, received))
  request.on('trailers', (received) => Object.assign(answer, received))
  request.on('error', () => {})
  request.resume()
  if (ends) request.end(body)
  else request.write(body, () => setImmediate(() => request.close(constants.NGHTTP2_CANCEL)))
  return new Promise((resolve) => {
    request.on('close', () => resolve(answer))
  })
}

/** Sends bytes on a new connection, ends it, and waits for the server to close it. */
export function sendBytes(port: number, { bytes }: ConnectionInput): Promise<void> {
  const socket = createConnection(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.resume()
  socket.end(bytes)
  return new Promise((resolve) => {
    socket.on('close', () => resolve())
  })
}

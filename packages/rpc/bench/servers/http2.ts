import { once } from 'node:events'
import { createServer, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { method, response } from '../call.ts'
import { frameMessage, messageIn } from '../grpc-message.ts'

const header = { ':status': 200, 'content-type': 'application/grpc+proto' }
const trailer = { 'grpc-status': '0', 'grpc-message': 'OK' }

/** Node's own HTTP/2 with the same codec, and no more of gRPC than the benchmark's call needs: the ceiling. */
export async function startHttp2(): Promise<number> {
  const server = createServer()
  server.on('stream', answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function answer(stream: ServerHttp2Stream): void {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  stream.on('end', () => {
    method.requestDeserialize(messageIn(chunks))
    stream.respond(header, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers(trailer))
    stream.end(frameMessage(method.responseSerialize(response)))
  })
}

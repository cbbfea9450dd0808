import { connect } from 'node:http2'
import { deadlineMs, method, request } from '../call.ts'
import { frameMessage, messageIn } from '../grpc-message.ts'
import type { BenchClient } from './client.ts'

/** Node's own HTTP/2 with the same codec, and no more of gRPC than the benchmark's call needs: the ceiling. */
export function openHttp2(port: number): BenchClient {
  const session = connect(`http://127.0.0.1:${port}`)
  const header = {
    ':method': 'POST',
    ':path': method.path,
    'content-type': 'application/grpc',
    te: 'trailers',
    'grpc-timeout': `${deadlineMs}m`,
  }

  return {
    call(settle) {
      const stream = session.request(header)
      const chunks: Buffer[] = []
      let status: unknown
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('trailers', (trailers) => {
        status = trailers['grpc-status']
      })
      stream.on('error', settle)
      stream.on('end', () => {
        if (status !== '0') return settle(new Error(`the status is ${String(status)}`))
        method.responseDeserialize(messageIn(chunks))
        settle()
      })
      stream.end(frameMessage(method.requestSerialize(request)))
    },
    close: () => session.close(),
  }
}

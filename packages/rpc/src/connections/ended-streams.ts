import type { ServerHttp2Stream } from 'node:http2'

/**
 * Makes a stream of HTTP/2 ignore what is written after its end. grpc-js ends a stream by itself, without telling the
 * handler, where a message is too large or cannot be decompressed. A response that the handler then writes would be an
 * error of the stream, which Node never closes after that: the status would not be sent.
 */
export function ignoreWritesAfterEnd(stream: ServerHttp2Stream): void {
  const write = stream.write as (...parameters: unknown[]) => boolean
  stream.write = (...parameters: unknown[]) => !stream.writableEnded && write.apply(stream, parameters)
}

import { EventEmitter } from 'node:events'
import type { ServerHttp2Stream } from 'node:http2'
import { Duplex } from 'node:stream'

const write = Duplex.prototype.write as (this: Duplex, ...parameters: unknown[]) => boolean

/**
 * Makes a stream of HTTP/2 ignore what is written after its end. grpc-js ends a stream by itself, without telling the
 * handler, where a message is too large or cannot be decompressed. A response that the handler then writes would be an
 * error of the stream, which Node never closes after that: the status would not be sent.
 */
export function ignoreWritesAfterEnd(stream: ServerHttp2Stream): void {
  stream.write = writeUntilEnd
}

// One function for all streams, as a closure for each costs every call.
function writeUntilEnd(this: ServerHttp2Stream, ...parameters: unknown[]): boolean {
  return !this.writableEnded && write.apply(this, parameters)
}

/**
 * Removes the listeners of a closed stream, by which it holds all that belongs to its call: Node has streams in a Map, which holds on to
 * them (see `Registry`). To be called by the first listener of `close`; the others are called nevertheless.
 */
export function forgetCall(stream: ServerHttp2Stream): void {
  // Not that of `Readable`, which looks after the event `readable` with a tick of its own.
  EventEmitter.prototype.removeAllListeners.call(stream)
}

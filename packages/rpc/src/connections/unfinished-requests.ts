import { constants, type ServerHttp2Stream } from 'node:http2'

const timers = new WeakMap<object, NodeJS.Timeout>()

/**
 * Resets a stream whose call does not begin within this time. grpc-js begins a call with a single request only once it has all of it,
 * and keeps what has arrived so long; no limit of calls counts it until then.
 */
export function limitTimeToBegin(stream: ServerHttp2Stream, withinMs: number): void {
  const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), withinMs).unref()
  timers.set(stream, timer)
  stream.once('close', () => clearTimeout(timer))
}

/** Notes that a call has begun. */
export function noteBeginning(call: object): void {
  const stream = streamOf(call)
  if (stream) clearTimeout(timers.get(stream))
}

// grpc-js does not expose the stream of a call. Its version is pinned, and the tests of this limit fail without it.
function streamOf(call: object): object | undefined {
  return (call as { call?: { stream?: object } }).call?.stream
}

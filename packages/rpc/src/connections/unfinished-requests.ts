import { constants, type ServerHttp2Stream } from 'node:http2'
import { Registry } from '../call/registry.ts'
import type { Limits } from './limits.ts'

/** The requests whose call has not begun. */
export interface UnfinishedRequests {
  /** A request begins to arrive, at a time of `performance.now()`. */
  add(stream: ServerHttp2Stream, beganAt: number): void
  /** Its stream is closed. */
  delete(stream: ServerHttp2Stream): void
  /** Its call has begun. */
  noteBeginning(call: object): void
  /** Resets the streams whose calls have not begun in time. */
  check(): void
}

/**
 * Finds streams whose call does not begin within `idleRequestsMs`. grpc-js begins a call with a single request only once it has all of
 * it, and keeps what has arrived so long; no limit of calls counts it until then.
 */
export function createUnfinishedRequests({ idleRequestsMs }: Limits): UnfinishedRequests {
  // Each with the time when it began to arrive. A timer for each would cost as much as the rest of the limits.
  const requests = new Registry<ServerHttp2Stream, number>()

  return {
    add: (stream, beganAt) => requests.add(stream, beganAt),
    delete: (stream) => requests.delete(stream),
    noteBeginning(call) {
      const stream = streamOf(call)
      if (stream) requests.delete(stream)
    },
    check() {
      const latest = performance.now() - idleRequestsMs
      for (const { member: stream, value: beganAt } of requests.entries()) {
        if (beganAt <= latest) stream.close(constants.NGHTTP2_CANCEL)
      }
    },
  }
}

// grpc-js does not expose the stream of a call. Its version is pinned, and the tests of this limit fail without it.
function streamOf(call: object): ServerHttp2Stream | undefined {
  return (call as { call?: { stream?: ServerHttp2Stream } }).call?.stream
}

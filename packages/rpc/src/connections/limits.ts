import type { ChannelOptions } from '@grpc/grpc-js'
import { grpcOptions } from '../call/grpc-options.ts'
import { timerDelay } from '../call/max-timer.ts'

/** How much of a server its callers can use. */
export interface Limits {
  /** Calls that are handled at a time; the next one fails with RESOURCE_EXHAUSTED and is to be retried after a second. */
  callsInFlight: number
  /**
   * Of these, calls of one address; the next one fails in the same way. Fewer than `callsInFlight`, so that one caller leaves room
   * for others, and not many fewer, as behind a proxy and in one process all callers have one address.
   */
  callsPerPeer: number
  /** Of these, calls that may stay open for more than ten minutes, such as watches, so that they leave room for others. */
  openEndedCalls: number
  /** Open connections; the next one is closed at once. */
  connections: number
  /** Of these, connections of one address; the next one is closed at once. */
  connectionsPerPeer: number
  /** Open calls on one connection, so that it takes no more than a part of `callsInFlight`. A gRPC client queues further ones. */
  streamsPerConnection: number
  /**
   * Rapid resets of streams that one connection may make in a second; after one more it is closed. Each costs the server as much as
   * a call that completes, and no other limit holds it back (the HTTP/2 rapid reset attack, CVE-2023-44487).
   */
  resetsPerConnection: number
  /**
   * How soon after its beginning the reset of a stream is a rapid one, in milliseconds. Later ones are of callers whose deadlines pass,
   * all at once where something hangs, and the limit of streams holds them back.
   */
  rapidResetMs: number
  /** Bytes that wait to be sent on one connection; while there are more, its new calls are refused. */
  unsentBytesPerConnection: number
  /** How long a connection may be without a call, in milliseconds. Then it is closed, and a client reconnects on demand. */
  idleMs: number
  /**
   * How long the caller of a request stream may take to send the next message, in milliseconds. Then the call fails with
   * DEADLINE_EXCEEDED, unless the `maxDeadlineMs` of its method is `Infinity`. Time that the handler takes does not count. A single
   * request must arrive whole within this time; then its stream is reset at the next check.
   */
  idleRequestsMs: number
  /** How long a connection may be silent before the server sends a ping, in milliseconds. */
  keepaliveMs: number
  /** How long that ping may go unanswered, in milliseconds. Then the connection is closed, also one that never sent a byte. */
  keepaliveTimeoutMs: number
  /**
   * How long a response may wait to be sent, in milliseconds, while its connection accepts next to no bytes. Then the
   * connection is closed. A response may wait for longer where other calls on the connection make progress.
   */
  stalledMs: number
  /** How often connections are checked, in milliseconds; the durations of the last three limits are counted in checks. */
  checkEveryMs: number
}

/** The limits of a server that is given no others: room for a thousand calls, and seconds for a caller that does not read or write. */
export const defaultLimits: Limits = {
  callsInFlight: 1_000,
  callsPerPeer: 750,
  openEndedCalls: 500,
  connections: 1_000,
  connectionsPerPeer: 750,
  streamsPerConnection: 256,
  resetsPerConnection: 500,
  rapidResetMs: 100,
  unsentBytesPerConnection: 10_000_000,
  idleMs: 300_000,
  idleRequestsMs: 30_000,
  keepaliveMs: 3_000,
  keepaliveTimeoutMs: 5_000,
  stalledMs: 8_000,
  checkEveryMs: 1_000,
}

/** The options of grpc-js for the limits that it enforces by itself. */
export function serverOptionsOf(limits: Limits): ChannelOptions {
  return {
    ...grpcOptions,
    'grpc.max_concurrent_streams': limits.streamsPerConnection,
    'grpc-node.max_session_memory': limits.unsentBytesPerConnection / 1e6,
    'grpc.max_connection_idle_ms': timerDelay('limits.idleMs', limits.idleMs),
  }
}

import type { ChannelOptions } from '@grpc/grpc-js'

/** How large messages may be, in bytes, before they are compressed. Larger ones end their call with RESOURCE_EXHAUSTED. */
export interface MessageLimits {
  receivedMessageBytes: number
  sentMessageBytes: number
}

/** What a server puts up with. */
export interface Limits extends MessageLimits {
  /** Calls that are answered at a time; the next is refused with RESOURCE_EXHAUSTED and asked to come back in a second. */
  callsInFlight: number
  /** Open connections; the next is closed at once. */
  connections: number
  /** Calls that one connection may have open. A client of gRPC makes further ones wait. */
  streamsPerConnection: number
  /**
   * Calls that one connection may break off in a second; after one more it is closed. Each costs the server as much as a
   * call that it answers, and nothing holds back who sends them.
   */
  resetsPerConnection: number
  /** What one connection may have waiting to be sent, in bytes; until some of it is taken, its new calls are refused. */
  unsentBytesPerConnection: number
  /** How long a connection may be without a call, in milliseconds. Then it is closed, and the client opens another when it needs one. */
  idleMs: number
  /** How often a connection is asked whether its other end is still there, in milliseconds. */
  keepaliveMs: number
  /** How long that may go without an answer, in milliseconds. So a connection that never becomes one is closed, too. */
  keepaliveTimeoutMs: number
  /**
   * How long an answer may lie ready, in milliseconds, while its connection takes next to nothing. Then the connection
   * is closed. One whose other calls go on may leave an answer for longer: a slow reader is no offence.
   */
  untakenMs: number
}

/** How often a server looks at its connections. */
export const lookEveryMs = 1_000

export const defaultMessageLimits: MessageLimits = {
  receivedMessageBytes: 4 * 1024 * 1024,
  sentMessageBytes: 4 * 1024 * 1024,
}

export const defaultLimits: Limits = {
  ...defaultMessageLimits,
  callsInFlight: 1_000,
  connections: 1_000,
  streamsPerConnection: 256,
  resetsPerConnection: 500,
  unsentBytesPerConnection: 10_000_000,
  idleMs: 300_000,
  keepaliveMs: 3_000,
  keepaliveTimeoutMs: 5_000,
  untakenMs: 8_000,
}

/** The limits on messages in the words of grpc-js, for both sides. */
export function messageOptionsOf({ receivedMessageBytes, sentMessageBytes }: MessageLimits): ChannelOptions {
  return {
    'grpc.max_receive_message_length': receivedMessageBytes,
    'grpc.max_send_message_length': sentMessageBytes,
  }
}

/** What grpc-js itself sees to on a server. */
export function serverOptionsOf(limits: Limits): ChannelOptions {
  return {
    ...messageOptionsOf(limits),
    'grpc.max_concurrent_streams': limits.streamsPerConnection,
    'grpc-node.max_session_memory': limits.unsentBytesPerConnection / 1e6,
    'grpc.max_connection_idle_ms': limits.idleMs,
  }
}

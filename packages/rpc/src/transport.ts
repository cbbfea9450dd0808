import type { Metadata } from '@grpc/grpc-js'
import type { Method } from './service.ts'

/** What every call carries, whatever brings it to its handler. */
export interface Outgoing {
  metadata: Metadata
  /** In milliseconds since 1970. */
  deadline: number
  /** Cancels the call. */
  signal: AbortSignal | undefined
}

/** Brings calls to whoever answers them. Everything it throws is an `RpcError`, but for errors of the caller's own stream. */
export interface Transport {
  /** Makes a call with one answer. */
  one(method: Method, input: unknown, call: Outgoing): Promise<unknown>
  /** Makes a call whose answers stream. It begins when the first answer is asked for. */
  many(method: Method, input: unknown, call: Outgoing): AsyncIterable<unknown>
  close(): void
}

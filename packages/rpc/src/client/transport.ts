import type { Method } from '../call/service.ts'
import type { ClientCall } from './client-call.ts'

/** Brings calls to whoever answers them. What it throws is an `RpcError`, but for errors of the caller's own stream. */
export interface Transport {
  /** Makes a call with one answer. */
  one(method: Method, input: unknown, call: ClientCall): Promise<unknown>
  /** Makes a call whose answers stream. It begins when the first answer is asked for. */
  many(method: Method, input: unknown, call: ClientCall): AsyncIterable<unknown>
  close(): void
}

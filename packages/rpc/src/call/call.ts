import { AsyncLocalStorage } from 'node:async_hooks'
import type { Metadata } from '@grpc/grpc-js'

/** The caller, as far as its connection identifies it. */
export interface Peer {
  /** Where the caller connected from, `host:port`. */
  address: string
  /** The names in the caller's verified certificate (its subject alternative names); empty without one. */
  names: readonly string[]
}

/** A call as its handler sees it. */
export interface Call {
  /** The method's path: `/package.Service/Method`. */
  readonly path: string
  /** When the call ends at the latest, in milliseconds since 1970; Infinity without a deadline. */
  readonly deadline: number
  /** Aborts when the caller cancels or disconnects or the deadline passes, never after a normal end. The reason is an `RpcError`. */
  readonly signal: AbortSignal
  /** The metadata of the request. */
  readonly metadata: Metadata
  /** The metadata sent before the first response; set it before then. */
  readonly header: Metadata
  /** The metadata sent with the status. */
  readonly trailer: Metadata
  readonly peer: Peer
}

/** The call that the running code handles: calls made from here inherit its deadline and its cancellation. */
export const currentCall = new AsyncLocalStorage<Call>()

/** The signal of the call that the running code handles; undefined outside of calls. */
export function findCallSignal(): AbortSignal | undefined {
  return currentCall.getStore()?.signal
}

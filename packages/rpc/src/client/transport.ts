import type { ClientCall } from '../call/client-call.ts'
import type { Method } from '../call/service.ts'

/** Sends calls to a server. It throws only `RpcError`, but for errors of the caller's own request stream. */
export interface Transport {
  /** Makes a call with one response. */
  unary(method: Method, input: unknown, call: ClientCall): Promise<unknown>
  /** Makes a call that streams its responses. It begins when the first response is read. */
  stream(method: Method, input: unknown, call: ClientCall): AsyncIterable<unknown>
  close(): void
}

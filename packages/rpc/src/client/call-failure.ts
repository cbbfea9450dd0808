import type { ServiceError } from '@grpc/grpc-js'
import { type RpcError, Status } from '../call/rpc-error.ts'
import { errorOf } from '../call/status.ts'

/** How a call failed that got no response from a server. */
export type CallFailure =
  /** It never left the client. */
  | 'not sent'
  /** HTTP/2's REFUSED_STREAM, which promises that nothing was done (RFC 9113, 8.7). */
  | 'refused'
  /** The server may have handled it. */
  | 'connection lost'

// grpc-js has no code for these, only the texts of its statuses.
const notSent = /^(round_robin: )?No (connection established|addresses resolved)|^Name resolution failed/
const refused = /^Stream refused by server$/

const failures = new WeakMap<RpcError, CallFailure>()

/** The error that a caller gets for a failed call of grpc-js. */
export function rpcErrorOf(error: ServiceError): RpcError {
  const rpcError = errorOf(error)
  // A status sent by a server comes with a content type; one that grpc-js made has none.
  const isFromServer = error.metadata.get('content-type').length > 0
  if (rpcError.code === Status.UNAVAILABLE && !isFromServer) failures.set(rpcError, kindOf(error.details))
  return rpcError
}

/** How a call failed; undefined where a server responded with a status. */
export function failureOf(error: unknown): CallFailure | undefined {
  return failures.get(error as RpcError)
}

function kindOf(details: string): CallFailure {
  if (notSent.test(details)) return 'not sent'
  return refused.test(details) ? 'refused' : 'connection lost'
}

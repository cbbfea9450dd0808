import type { Call } from '../call/call.ts'
import { permissionDenied } from '../call/rpc-error.ts'
import type { Route } from '../call/service.ts'

/**
 * A handler for the callers with one of these names in their certificate. Every other one gets PERMISSION_DENIED, also
 * one without a certificate: that belongs to the connection, so UNAUTHENTICATED would ask for what no call can bring.
 */
export function allowOnly(names: readonly string[], handler: Route['handler']): Route['handler'] {
  return (input, call: Call) => {
    if (!call.peer.names.some((name) => names.includes(name))) throw permissionDenied('The caller is not admitted')
    return handler(input, call)
  }
}

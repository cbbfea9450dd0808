import { permissionDenied } from '../call/rpc-error.ts'
import type { Route } from '../call/service.ts'

/**
 * The handler of a route, for allowed callers alone. Other calls fail with PERMISSION_DENIED, also those without a
 * certificate: it belongs to the connection, so no call could bring what UNAUTHENTICATED asks for.
 */
export function authorize({ handler, allowedCallers }: Route): Route['handler'] {
  if (!allowedCallers) return handler
  return (input, call) => {
    if (!call.peer.names.some((name) => allowedCallers.includes(name))) {
      throw permissionDenied('The caller is not allowed to call this method')
    }
    return handler(input, call)
  }
}

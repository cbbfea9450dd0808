import { permissionDenied, type ServerInterceptor } from '@books/rpc'

/** Answers only callers with one of these names in their certificate; every other call fails with PERMISSION_DENIED. */
export function authorizeCallers(names: readonly string[]): ServerInterceptor {
  return (call, next) => {
    if (!call.peer.names.some((name) => names.includes(name))) {
      throw permissionDenied('This service does not take calls from this caller')
    }
    return next()
  }
}

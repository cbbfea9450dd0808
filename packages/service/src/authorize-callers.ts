import { permissionDenied, type ServerInterceptor } from '@books/rpc'
import type { AnyService } from './define-service.ts'

/** Answers only the callers of a service, by the names in their certificates; every other call fails with PERMISSION_DENIED. */
export function authorizeCallers({
  callers,
  methodCallers = {},
}: Pick<AnyService, 'callers' | 'methodCallers'>): ServerInterceptor {
  return (call, next) => {
    const method = call.path.slice(call.path.lastIndexOf('/') + 1)
    const allowed = methodCallers[method] ?? callers
    if (allowed && !call.peer.names.some((name) => allowed.includes(name))) {
      throw permissionDenied('This service does not take such calls from this caller')
    }
    return next()
  }
}

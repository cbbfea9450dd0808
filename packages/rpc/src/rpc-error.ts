import { status as Status } from '@grpc/grpc-js'
import type { ErrorDetails } from './error-details.ts'

export { Status }

/** The one error that callers are told about: a status, a text for them, and details they can act on. */
export class RpcError extends Error {
  override readonly name = 'RpcError'
  readonly code: Status
  readonly details: ErrorDetails

  constructor(
    code: Status,
    message: string,
    { details = {}, cause }: { details?: ErrorDetails; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.code = code
    this.details = details
  }
}

/** The request is wrong in one field. `field` is its name in the .proto file; the description says what is wrong. */
export function invalidArgument(field: string, description: string): RpcError {
  const details = { badRequest: { fieldViolations: [{ field, description }] } }
  return new RpcError(Status.INVALID_ARGUMENT, `${field} ${description}`, { details })
}

/** What the request names does not exist. */
export function notFound(message: string): RpcError {
  return new RpcError(Status.NOT_FOUND, message)
}

/** Throws inside an expression: `genreOf(id) ?? raise(notFound('No such genre'))`. */
export function raise(error: Error): never {
  throw error
}

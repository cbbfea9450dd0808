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
    { details = {}, cause }: { details?: ErrorDetails | undefined; cause?: unknown } = {},
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

type Helper = (message: string, details?: ErrorDetails) => RpcError

/** What the request names does not exist. */
export const notFound: Helper = helperFor(Status.NOT_FOUND)

/** What the request would create is there already. */
export const alreadyExists: Helper = helperFor(Status.ALREADY_EXISTS)

/** The caller is known and may not do this. */
export const permissionDenied: Helper = helperFor(Status.PERMISSION_DENIED)

/** Nobody knows who the caller is. */
export const unauthenticated: Helper = helperFor(Status.UNAUTHENTICATED)

/** Something is used up: calls in flight, a quota, space. Say when to come back with `retryAfter`. */
export const resourceExhausted: Helper = helperFor(Status.RESOURCE_EXHAUSTED)

/** The state of things forbids it, and trying again does not help before somebody changes that. */
export const failedPrecondition: Helper = helperFor(Status.FAILED_PRECONDITION)

/** Somebody else was faster; the caller may begin anew at a higher level. */
export const aborted: Helper = helperFor(Status.ABORTED)

/** The request asks for what lies past the end. */
export const outOfRange: Helper = helperFor(Status.OUT_OF_RANGE)

/** The service does not do this. */
export const unimplemented: Helper = helperFor(Status.UNIMPLEMENTED)

/** Something needed is away for the moment; the same call may succeed later. */
export const unavailable: Helper = helperFor(Status.UNAVAILABLE)

/** What was kept is lost or damaged. */
export const dataLoss: Helper = helperFor(Status.DATA_LOSS)

/** Throws inside an expression: `genreOf(id) ?? raise(notFound('No such genre'))`. */
export function raise(error: Error): never {
  throw error
}

function helperFor(code: Status): Helper {
  return (message, details) => new RpcError(code, message, { details })
}

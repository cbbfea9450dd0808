import { status as Status } from '@grpc/grpc-js'
import type { BadRequest_FieldViolation } from '../gen/google/rpc/error_details.ts'
import type { ErrorDetails } from './error-details.ts'

export { Status }

/** An error that callers receive: a status, a message, and details that programs can act on. */
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

/** One field of the request is invalid. `field` is its name in the .proto file; `description` continues the sentence that it begins. */
export function invalidArgument(field: string, description: string): RpcError {
  return invalidFields([{ field, description }])
}

/**
 * What each function returns, under its name. Where some throw INVALID_ARGUMENT, one error names the invalid fields of all of
 * them, so that a form can show them together. Any other error is thrown at once.
 */
export function checkAll<Checks extends Record<string, () => unknown>>(
  checks: Checks,
): { [Name in keyof Checks]: ReturnType<Checks[Name]> } {
  const fieldViolations: BadRequest_FieldViolation[] = []
  const checked = Object.entries(checks).map(([name, check]) => {
    try {
      return [name, check()]
    } catch (error) {
      const violations = error instanceof RpcError ? error.details.badRequest?.fieldViolations : undefined
      if (!violations) throw error
      fieldViolations.push(...violations)
      return []
    }
  })
  if (fieldViolations.length > 0) throw invalidFields(fieldViolations)
  return Object.fromEntries(checked)
}

function invalidFields(fieldViolations: BadRequest_FieldViolation[]): RpcError {
  const message = fieldViolations.map(({ field, description }) => `${field} ${description}`).join('; ')
  return new RpcError(Status.INVALID_ARGUMENT, message, { details: { badRequest: { fieldViolations } } })
}

type Helper = (message: string, details?: ErrorDetails) => RpcError

/** A thing that the request names does not exist. */
export const notFound: Helper = helperFor(Status.NOT_FOUND)

/** The thing that the request would create exists. */
export const alreadyExists: Helper = helperFor(Status.ALREADY_EXISTS)

/** The caller is authenticated and not authorized. */
export const permissionDenied: Helper = helperFor(Status.PERMISSION_DENIED)

/** The caller is not authenticated. */
export const unauthenticated: Helper = helperFor(Status.UNAUTHENTICATED)

/** A limit is reached: calls in flight, a quota, space. `retryAfter` says when to retry. */
export const resourceExhausted: Helper = helperFor(Status.RESOURCE_EXHAUSTED)

/** The state of the system does not allow the call, and a retry fails, too, until the state is changed. */
export const failedPrecondition: Helper = helperFor(Status.FAILED_PRECONDITION)

/** The call lost a race with another one; the caller may start over at a higher level. */
export const aborted: Helper = helperFor(Status.ABORTED)

/** The request is past the end of the data. */
export const outOfRange: Helper = helperFor(Status.OUT_OF_RANGE)

/** The service does not implement this. */
export const unimplemented: Helper = helperFor(Status.UNIMPLEMENTED)

/** Something that the service depends on is unavailable; the same call may succeed later. */
export const unavailable: Helper = helperFor(Status.UNAVAILABLE)

/** Stored data is lost or corrupt. */
export const dataLoss: Helper = helperFor(Status.DATA_LOSS)

/** Throws inside an expression: `genreOf(id) ?? raise(notFound('No such genre'))`. */
export function raise(error: Error): never {
  throw error
}

function helperFor(code: Status): Helper {
  return (message, details) => new RpcError(code, message, { details })
}

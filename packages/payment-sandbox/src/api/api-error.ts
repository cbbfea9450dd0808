/** An answer of the API that says why it did not do what was asked. */
export class ApiError extends Error {
  readonly statusCode: number
  /** For programs. */
  readonly code: string

  constructor(statusCode: number, code: string, message: string) {
    super(message)
    this.statusCode = statusCode
    this.code = code
  }
}

/** An error as the API answers it. */
export function errorJsonOf({ code, message }: Pick<ApiError, 'code' | 'message'>) {
  return { error: { code, message } }
}

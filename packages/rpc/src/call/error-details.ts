import { BadRequest, ErrorInfo, RetryInfo } from '../gen/google/rpc/error_details.ts'
import { Status as StatusMessage } from '../gen/google/rpc/status.ts'

/** What an error can say beyond its status and text, one key for each kind of google.rpc detail. */
export interface ErrorDetails {
  /** What is wrong with the request, field by field. */
  badRequest?: BadRequest
  /** When to come back; `retryAfter` makes it. */
  retryInfo?: RetryInfo
  /** What went wrong in a form that programs can tell apart. */
  errorInfo?: ErrorInfo
}

/** Tells the caller to come back in so many milliseconds. A client that retries by itself waits as long. */
export function retryAfter(ms: number): Pick<ErrorDetails, 'retryInfo'> {
  return { retryInfo: { retryDelay: { seconds: Math.floor(ms / 1000), nanos: Math.round((ms % 1000) * 1e6) } } }
}

/** How long the caller is asked to wait, in milliseconds, if it is. */
export function retryDelayMsOf({ retryInfo }: ErrorDetails): number | undefined {
  const delay = retryInfo?.retryDelay
  return delay && delay.seconds * 1000 + delay.nanos / 1e6
}

/** The google.rpc.Status message that carries the details in the trailer `grpc-status-details-bin`. */
export function encodeDetails(code: number, message: string, details: ErrorDetails): Buffer {
  const { badRequest, retryInfo, errorInfo } = details
  const packed = [
    badRequest && pack('BadRequest', BadRequest.encode(badRequest)),
    retryInfo && pack('RetryInfo', RetryInfo.encode(retryInfo)),
    errorInfo && pack('ErrorInfo', ErrorInfo.encode(errorInfo)),
  ].filter((each) => each !== undefined)
  return Buffer.from(StatusMessage.encode({ code, message, details: packed }).finish())
}

/** Reads the details that this package knows; unknown kinds, and bytes that do not parse, are left out. */
export function decodeDetails(bytes: Buffer): ErrorDetails {
  const details: ErrorDetails = {}
  try {
    for (const { typeUrl, value } of StatusMessage.decode(bytes).details) {
      if (typeUrl === typeUrlOf('BadRequest')) details.badRequest = BadRequest.decode(value)
      if (typeUrl === typeUrlOf('RetryInfo')) details.retryInfo = RetryInfo.decode(value)
      if (typeUrl === typeUrlOf('ErrorInfo')) details.errorInfo = ErrorInfo.decode(value)
    }
  } catch {
    return details
  }
  return details
}

function pack(name: string, writer: { finish(): Uint8Array }) {
  return { typeUrl: typeUrlOf(name), value: Buffer.from(writer.finish()) }
}

function typeUrlOf(name: string): string {
  return `type.googleapis.com/google.rpc.${name}`
}

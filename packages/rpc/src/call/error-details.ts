import { BadRequest, ErrorInfo, RetryInfo } from '../gen/google/rpc/error_details.ts'
import { Status as StatusMessage } from '../gen/google/rpc/status.ts'

/** The details of an error, one key for each kind of google.rpc detail. */
export interface ErrorDetails {
  /** The invalid fields of the request. */
  badRequest?: BadRequest
  /** When to retry; made by `retryAfter`. */
  retryInfo?: RetryInfo
  /** The reason, as an identifier for programs. */
  errorInfo?: ErrorInfo
}

/** Details that tell the caller to retry after this many milliseconds. The retries of a client of this package wait as long. */
export function retryAfter(ms: number): Pick<ErrorDetails, 'retryInfo'> {
  return { retryInfo: { retryDelay: { seconds: Math.floor(ms / 1000), nanos: Math.round((ms % 1000) * 1e6) } } }
}

/** How long the details tell the caller to wait, in milliseconds, if they do. */
export function retryDelayMsOf({ retryInfo }: ErrorDetails): number | undefined {
  const delay = retryInfo?.retryDelay
  return delay && delay.seconds * 1000 + delay.nanos / 1e6
}

/** The google.rpc.Status message with the details, for the trailer `grpc-status-details-bin`. */
export function encodeDetails(code: number, message: string, details: ErrorDetails): Buffer {
  const { badRequest, retryInfo, errorInfo } = details
  const packed = [
    badRequest && pack('BadRequest', BadRequest.encode(badRequest)),
    retryInfo && pack('RetryInfo', RetryInfo.encode(retryInfo)),
    errorInfo && pack('ErrorInfo', ErrorInfo.encode(errorInfo)),
  ].filter((each) => each !== undefined)
  return Buffer.from(StatusMessage.encode({ code, message, details: packed }).finish())
}

/** Reads the kinds of details that this package supports. Other kinds, and bytes that do not parse, are left out. */
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

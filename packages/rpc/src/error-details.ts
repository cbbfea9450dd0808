import { BadRequest } from './gen/google/rpc/error_details.ts'
import { Status as StatusMessage } from './gen/google/rpc/status.ts'

/** What an error can say beyond its status and text, one key for each kind of google.rpc detail. */
export interface ErrorDetails {
  badRequest?: BadRequest
}

// One row for each kind of detail: how it is named in `ErrorDetails`, on the wire, and who codes it.
const kinds = [{ key: 'badRequest', typeUrl: 'type.googleapis.com/google.rpc.BadRequest', codec: BadRequest }] as const

/** The google.rpc.Status message that carries the details in the trailer `grpc-status-details-bin`. */
export function encodeDetails(code: number, message: string, details: ErrorDetails): Buffer {
  const packed = kinds.flatMap(({ key, typeUrl, codec }) => {
    const detail = details[key]
    return detail ? [{ typeUrl, value: Buffer.from(codec.encode(detail).finish()) }] : []
  })
  return Buffer.from(StatusMessage.encode({ code, message, details: packed }).finish())
}

/** Reads the details that this package knows; unknown kinds and bytes that do not parse are left out. */
export function decodeDetails(bytes: Buffer): ErrorDetails {
  const details: ErrorDetails = {}
  try {
    for (const { typeUrl, value } of StatusMessage.decode(bytes).details) {
      const kind = kinds.find((known) => known.typeUrl === typeUrl)
      if (kind) details[kind.key] = kind.codec.decode(value)
    }
  } catch {
    return details
  }
  return details
}

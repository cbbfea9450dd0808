import { Metadata } from '@grpc/grpc-js'
import { decodeDetails, encodeDetails, retryDelayMsOf } from './error-details.ts'
import { maxTimerMs } from './max-timer.ts'
import { RpcError, type Status } from './rpc-error.ts'

const detailsKey = 'grpc-status-details-bin'
// Read by gRPC's own retries (gRFC A6).
const pushbackKey = 'grpc-retry-pushback-ms'

/** The status of a call as grpc-js sends and receives it. */
export interface CallStatus {
  code: Status
  details: string
  metadata: Metadata
}

/** The status for an error, with the trailer of its call. */
export function statusOf(error: RpcError, trailer?: Metadata): CallStatus {
  // A header cannot contain a lone surrogate, which a message may quote from a request.
  const details = error.message.toWellFormed()
  const metadata = trailer?.clone() ?? new Metadata()
  if (Object.keys(error.details).length > 0) metadata.set(detailsKey, encodeDetails(error.code, details, error.details))
  const retryDelayMs = retryDelayMsOf(error.details)
  if (retryDelayMs !== undefined) metadata.set(pushbackKey, String(Math.ceil(Math.min(retryDelayMs, maxTimerMs))))

  return { code: error.code, details, metadata }
}

/** The error that a caller gets for a status other than OK. */
export function errorOf({ code, details, metadata }: CallStatus): RpcError {
  const [packed] = metadata.get(detailsKey)
  return new RpcError(code, details, { details: Buffer.isBuffer(packed) ? decodeDetails(packed) : {} })
}

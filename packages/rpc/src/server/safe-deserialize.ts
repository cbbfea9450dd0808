import { RpcError, Status } from '../call/rpc-error.ts'

/** Takes the place of a request that could not be deserialized. */
const failure = { hasFailed: true }

/**
 * A deserializer that never throws. grpc-js itself ends a call whose request fails to deserialize without telling the
 * handler, and a stream that then responds to an earlier message is never closed.
 */
export function safeDeserialize(deserialize: (bytes: Buffer) => unknown): (bytes: Buffer) => unknown {
  return (bytes) => {
    try {
      return deserialize(bytes)
    } catch {
      return failure
    }
  }
}

/** The request. Throws INTERNAL, as gRPC specifies, where it could not be deserialized; the parser's error is not disclosed. */
export function requireDeserialized(request: unknown): unknown {
  if (request === failure) throw new RpcError(Status.INTERNAL, 'Error deserializing request')
  return request
}

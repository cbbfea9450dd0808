import { RpcError, Status } from '../call/rpc-error.ts'
import { InvalidValueError, RequestReader } from './request-reader.ts'

/** Takes the place of a request that could not be deserialized. */
class Failure {
  readonly cause: unknown
  constructor(cause: unknown) {
    this.cause = cause
  }
}

type Deserialize = (bytes: Buffer) => unknown

/**
 * A deserializer that never throws. grpc-js itself ends a call whose request fails to deserialize without telling the
 * handler, and a stream that then responds to an earlier message is never closed.
 */
export function safeDeserialize(deserialize: Deserialize): Deserialize {
  const read = readerOf(deserialize)
  return (bytes) => {
    try {
      return read(bytes)
    } catch (error) {
      return new Failure(error)
    }
  }
}

/**
 * The request. Throws INVALID_ARGUMENT where a value of it is invalid, and INTERNAL, as gRPC specifies, where its bytes are
 * malformed; the parser's error is not disclosed.
 */
export function requireDeserialized(request: unknown): unknown {
  if (!(request instanceof Failure)) return request
  const { cause } = request
  if (cause instanceof InvalidValueError) throw new RpcError(Status.INVALID_ARGUMENT, cause.message)
  throw new RpcError(Status.INTERNAL, 'Error deserializing request')
}

/** The deserializer with a stricter reader where it is one of ts-proto, which accepts a reader in place of the bytes. */
function readerOf(deserialize: Deserialize): Deserialize {
  try {
    deserialize(new RequestReader(new Uint8Array()) as never)
  } catch {
    return deserialize
  }
  return (bytes) => {
    const reader = new RequestReader(bytes)
    return reader.check(deserialize(reader as never))
  }
}

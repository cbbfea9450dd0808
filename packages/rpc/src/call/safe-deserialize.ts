import { RpcError, Status } from './rpc-error.ts'

/** Stands for a message whose bytes could not be read. */
const unreadable = { isUnreadable: true }

/**
 * Reads messages and never throws. grpc-js itself ends a call whose message it cannot read, and never tells the handler:
 * a stream that then answers an earlier message is left open for good.
 */
export function tolerant(read: (bytes: Buffer) => unknown): (bytes: Buffer) => unknown {
  return (bytes) => {
    try {
      return read(bytes)
    } catch {
      return unreadable
    }
  }
}

/** The message, if it could be read; otherwise throws the status that gRPC has for it. What the parser said goes no further. */
export function requireReadable(message: unknown): unknown {
  if (message === unreadable) throw new RpcError(Status.INTERNAL, 'Error deserializing request')
  return message
}

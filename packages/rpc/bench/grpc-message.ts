const prefixBytes = 5

/** A message as gRPC puts it on the wire: uncompressed, after a flag and its length. */
export function frameMessage(message: Uint8Array): Buffer {
  const framed = Buffer.alloc(prefixBytes + message.length)
  framed.writeUInt32BE(message.length, 1)
  framed.set(message, prefixBytes)
  return framed
}

/** The one message in the chunks of a stream's body. */
export function messageIn(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks
  return (chunks.length === 1 && only ? only : Buffer.concat(chunks)).subarray(prefixBytes)
}

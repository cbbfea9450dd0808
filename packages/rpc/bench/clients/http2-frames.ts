import type { Socket } from 'node:net'

/** The frames of HTTP/2 that the load is made of, by their numbers in RFC 9113. */
export const frameType = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goAway: 7, windowUpdate: 8 }

/** The flags of those frames. */
export const flags = { endStream: 0x1, ack: 0x1, endHeaders: 0x4 }

const headBytes = 9

/** One frame as bytes. */
export function frame(type: number, flag: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.allocUnsafe(headBytes + payload.length)
  bytes.writeUIntBE(payload.length, 0, 3)
  bytes[3] = type
  bytes[4] = flag
  bytes.writeUInt32BE(stream, 5)
  bytes.set(payload, headBytes)
  return bytes
}

/** Calls back for each frame that comes in. */
export function frames(
  socket: Socket,
  onFrame: (type: number, flag: number, stream: number, payload: Buffer) => void,
): void {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    let at = 0
    while (bytes.length - at >= headBytes) {
      const end = at + headBytes + bytes.readUIntBE(at, 3)
      if (end > bytes.length) break
      onFrame(bytes.readUInt8(at + 3), bytes.readUInt8(at + 4), bytes.readUInt32BE(at + 5), bytes.subarray(at + 9, end))
      at = end
    }
    rest = bytes.subarray(at)
  })
}

/**
 * The header of a call in HPACK. `first` puts every field into the table that the two sides of a connection share, and
 * `later` refers to them there, a byte for each, as any client does that sends the same fields again.
 */
export function requestHeader(path: string, timeout: string): { first: Buffer; later: Buffer } {
  // `:method: POST` and `:scheme: http`, which are in the table from the start.
  const constant = Buffer.from([0x83, 0x86])
  const fields = [
    [':path', path],
    [':authority', '127.0.0.1'],
    ['te', 'trailers'],
    ['content-type', 'application/grpc'],
    ['grpc-timeout', timeout],
  ] as const

  const literals = fields.map(([name, value]) => Buffer.concat([Buffer.from([0x40]), text(name), text(value)]))
  // The table holds 61 fields from the start; the newest of those added comes next.
  const references = fields.map((_, index) => 0x80 | (62 + fields.length - 1 - index))
  return { first: Buffer.concat([constant, ...literals]), later: Buffer.from([...constant, ...references]) }
}

function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([value.length]), Buffer.from(value)])
}

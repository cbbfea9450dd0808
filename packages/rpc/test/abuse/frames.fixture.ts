/** The connection preface of a client (RFC 9113, 3.4), before its SETTINGS. */
export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/** Types of frames (RFC 9113, 6). */
const Type = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
}

const Flag = { ACK: 1, END_STREAM: 1, END_HEADERS: 4 }

/** One frame of any type, flags, stream and payload, valid or not. */
export function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** SETTINGS with these values by their number: 4 is the window of a new stream. */
export function settings(values: Record<number, number> = {}): Buffer {
  const entries = Object.entries(values).map(([id, value]) => {
    const entry = Buffer.alloc(6)
    entry.writeUInt16BE(Number(id), 0)
    entry.writeUInt32BE(value, 2)
    return entry
  })
  return frame(Type.SETTINGS, 0, 0, Buffer.concat(entries))
}

export const ping = frame(Type.PING, 0, 0, Buffer.alloc(8))

export function pingAck(payload: Buffer): Buffer {
  return frame(Type.PING, Flag.ACK, 0, payload)
}

export function data(stream: number, payload: Buffer, isLast = false): Buffer {
  return frame(Type.DATA, isLast ? Flag.END_STREAM : 0, stream, payload)
}

/** HEADERS, complete or to be followed by CONTINUATION. */
export function headers(stream: number, block: Buffer, isWhole = true): Buffer {
  return frame(Type.HEADERS, isWhole ? Flag.END_HEADERS : 0, stream, block)
}

export function continuation(stream: number, block: Buffer): Buffer {
  return frame(Type.CONTINUATION, 0, stream, block)
}

export function reset(stream: number): Buffer {
  const cancel = Buffer.from([0, 0, 0, 8])
  return frame(Type.RST_STREAM, 0, stream, cancel)
}

export function priority(stream: number): Buffer {
  return frame(Type.PRIORITY, 0, stream, Buffer.from([0, 0, 0, 0, 16]))
}

export function windowUpdate(stream: number, increment: number): Buffer {
  const payload = Buffer.alloc(4)
  payload.writeUInt32BE(increment)
  return frame(Type.WINDOW_UPDATE, 0, stream, payload)
}

/** The headers of a gRPC call, and more. */
export function callBlock(path: string, more: Record<string, string> = {}): Buffer {
  return headerBlock({
    ':method': 'POST',
    ':scheme': 'http',
    ':path': path,
    ':authority': 'books',
    'content-type': 'application/grpc',
    te: 'trailers',
    ...more,
  })
}

/** Headers in HPACK (RFC 7541) as plain literals: not indexed, without Huffman coding. */
export function headerBlock(fields: Record<string, string>): Buffer {
  return Buffer.concat(Object.entries(fields).flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]))
}

/** A message as gRPC frames it: whether it is compressed, its length, its bytes. */
export function grpcMessage(bytes: Buffer, flag = 0): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt8(flag, 0)
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

/** Parses frames from the chunks of a stream. */
export function createFrameReader() {
  let rest = Buffer.alloc(0)
  return function* read(bytes: Buffer): Generator<ReceivedFrame> {
    rest = Buffer.concat([rest, bytes])
    while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
      const end = 9 + rest.readUIntBE(0, 3)
      const type = nameOf(rest.readUInt8(3))
      yield {
        type,
        isAck: (rest.readUInt8(4) & Flag.ACK) !== 0,
        stream: rest.readUInt32BE(5),
        payload: rest.subarray(9, end),
      }
      rest = rest.subarray(end)
    }
  }
}

export interface ReceivedFrame {
  type: keyof typeof Type | undefined
  isAck: boolean
  stream: number
  payload: Buffer
}

function nameOf(type: number) {
  return (Object.keys(Type) as (keyof typeof Type)[]).find((name) => Type[name] === type)
}

// An integer with a prefix of seven bits (RFC 7541, 5.1), then the octets.
function text(value: string): Buffer {
  const octets = Buffer.from(value, 'latin1')
  if (octets.length < 127) return Buffer.concat([Buffer.from([octets.length]), octets])
  const length = [127]
  let rest = octets.length - 127
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128)
  return Buffer.concat([Buffer.from([...length, rest]), octets])
}

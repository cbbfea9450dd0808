import { createHash } from 'node:crypto'
import { endianness } from 'node:os'
import { sharedBytes } from '../shared-arrays.ts'

/** A snapshot that cannot be used; the message says why. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError'
}

/** The arrays of a flat file, by name. */
export type FlatArrays = Record<string, FlatArray>

type FlatArray = Int32Array | Uint16Array | Uint8Array | Float64Array

/** What a flat file has: facts that JSON can say, and arrays. */
export interface FlatContent {
  facts: unknown
  arrays: FlatArrays
}

const constructors = { Int32Array, Uint16Array, Uint8Array, Float64Array }

interface Header {
  facts: unknown
  sections: { name: string; type: keyof typeof constructors; length: number }[]
}

const magic = 'BOOKSNAP'
/** The magic bytes, the version, and the length of the header, which is JSON. */
const preludeBytes = magic.length + 4 + 4
const checksumBytes = 32
/** Arrays begin at multiples of this, so that they are read as views. */
const alignment = 8
/** Pieces are small enough that hashing one takes about a millisecond. */
const pieceBytes = 2 ** 20

/**
 * Writes facts and arrays as the pieces of a flat file: magic bytes, version, header, arrays as they are in memory, and a SHA-256 of
 * all that. A piece is valid until the next is asked for.
 */
export function* writeFlat(version: number, { facts, arrays }: FlatContent): Generator<Uint8Array> {
  requireLittleEndian()
  const hash = createHash('sha256')
  for (const bytes of [headOf(version, { facts, arrays }), ...Object.values(arrays).flatMap(withPadding)]) {
    for (let from = 0; from < bytes.length; from += pieceBytes) {
      const piece = bytes.subarray(from, from + pieceBytes)
      hash.update(piece)
      yield piece
    }
  }
  yield hash.digest()
}

/**
 * Reads a flat file of `size` bytes into shared memory. Its arrays are views. Throws a `SnapshotError` unless the pieces are exactly
 * what `writeFlat` made of this version.
 */
export async function readFlat(version: number, pieces: AsyncIterable<Uint8Array>, size: number): Promise<FlatContent> {
  requireLittleEndian()
  if (size < preludeBytes + checksumBytes) throw new SnapshotError('it is cut short')
  const bytes = sharedBytes(size)
  const hash = createHash('sha256')
  let length = 0
  for await (const piece of pieces) {
    if (length + piece.length > size) throw new SnapshotError('it is damaged: it is too long')
    bytes.set(piece, length)
    if (length < preludeBytes && length + piece.length >= preludeBytes) requireVersion(bytes, version)
    const hashed = Math.min(piece.length, size - checksumBytes - length)
    if (hashed > 0) hash.update(piece.subarray(0, hashed))
    length += piece.length
  }
  if (length < size) throw new SnapshotError('it is cut short')
  if (!hash.digest().equals(bytes.subarray(size - checksumBytes))) {
    throw new SnapshotError('it is damaged: its checksum does not match')
  }
  return viewsOf(bytes)
}

function headOf(version: number, { facts, arrays }: FlatContent): Buffer {
  const sections = Object.entries(arrays).map(([name, array]) => ({
    ...{ name, length: array.length },
    type: array.constructor.name,
  }))
  const json = Buffer.from(JSON.stringify({ facts, sections }))
  const head = Buffer.alloc(aligned(preludeBytes + json.length), ' ')
  head.write(magic, 'latin1')
  head.writeUInt32LE(version, magic.length)
  head.writeUInt32LE(head.length - preludeBytes, magic.length + 4)
  json.copy(head, preludeBytes)
  return head
}

function withPadding({ buffer, byteOffset, byteLength }: FlatArray): Uint8Array[] {
  return [new Uint8Array(buffer, byteOffset, byteLength), new Uint8Array(aligned(byteLength) - byteLength)]
}

function viewsOf(bytes: Uint8Array<SharedArrayBuffer>): FlatContent {
  const text = Buffer.from(bytes.buffer)
  const headBytes = preludeBytes + text.readUInt32LE(magic.length + 4)
  const { facts, sections } = JSON.parse(text.toString('utf8', preludeBytes, headBytes)) as Header

  const arrays: FlatArrays = {}
  let at = headBytes
  for (const { name, type, length } of sections) {
    const View = constructors[type] as new (buffer: SharedArrayBuffer, at: number, length: number) => FlatArray
    const array = new View(bytes.buffer, at, length)
    arrays[name] = array
    at = aligned(at + array.byteLength)
  }
  return { facts, arrays }
}

function requireVersion(bytes: Uint8Array<SharedArrayBuffer>, expected: number): void {
  const text = Buffer.from(bytes.buffer)
  if (text.toString('latin1', 0, magic.length) !== magic) throw new SnapshotError('it is no snapshot of Books')
  const version = text.readUInt32LE(magic.length)
  if (version !== expected) {
    throw new SnapshotError(`it has version ${version}, and this program reads version ${expected}`)
  }
}

function aligned(length: number): number {
  return Math.ceil(length / alignment) * alignment
}

function requireLittleEndian(): void {
  if (endianness() !== 'LE') throw new SnapshotError('snapshots are read and written on little-endian machines only')
}

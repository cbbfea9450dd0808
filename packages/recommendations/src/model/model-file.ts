import { createHash } from 'node:crypto'
import { endianness } from 'node:os'
import { createItemIds, type Model, type ModelOrigin } from './model.ts'

/** A model file that cannot be used; the message says why. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError'
}

/** The JSON before the arrays. Format 1 names hyperparameters `recipe`. */
interface Header extends Pick<Model, 'itemCount' | 'weightScale' | 'cosineScale'> {
  readonly entryCount: number
  readonly origin: Stored<Omit<ModelOrigin, 'figures'>> & { figures: Stored<ModelOrigin['figures'][number]>[] }
}

type Stored<Named extends { hyperparameters: string }> = Omit<Named, 'hyperparameters'> & { recipe: string }

const magic = 'BOOKSREC'
const formatVersion = 1
/** The magic bytes, the version and the header's length. */
const preludeBytes = magic.length + 4 + 4
const checksumBytes = 32

/**
 * Turns a model into bytes: magic bytes, format version, header, arrays, and a SHA-256 of all that. `itemIds` are the
 * caller's own ids of the items, and are stored beside the model.
 */
export function encodeModel(model: Model, itemIds: Int32Array): Uint8Array<ArrayBuffer> {
  requireLittleEndian()
  const { itemCount, weightScale, cosineScale, origin } = model
  const stored = { ...toStored(origin), figures: origin.figures.map(toStored) }
  const header: Header = { itemCount, entryCount: model.ids.length, weightScale, cosineScale, origin: stored }
  const headerBytes = Buffer.from(JSON.stringify(header))

  const prelude = Buffer.alloc(preludeBytes)
  prelude.write(magic, 'latin1')
  prelude.writeUInt32LE(formatVersion, magic.length)
  prelude.writeUInt32LE(headerBytes.length, magic.length + 4)

  const body = Buffer.concat([prelude, headerBytes, ...arraysOf(model, itemIds).map(bytesOf)])
  return new Uint8Array(Buffer.concat([body, checksumOf(body)]))
}

/** Reads a model from bytes; throws a `ModelFileError` unless they are exactly what `encodeModel` made. */
export function decodeModel(bytes: Uint8Array): { model: Model; itemIds: Int32Array } {
  requireLittleEndian()
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  requireWhole(file)

  const headerLength = file.readUInt32LE(magic.length + 4)
  const header = JSON.parse(file.toString('utf8', preludeBytes, preludeBytes + headerLength)) as Header
  const model = emptyModel(header)
  const itemIds = new Int32Array(header.itemCount)
  const arrays = arraysOf(model, itemIds)
  const expected = arrays.reduce((sum, { byteLength }) => sum + byteLength, preludeBytes + headerLength + checksumBytes)
  if (file.length !== expected)
    throw new ModelFileError('The model is damaged: its arrays do not have the sizes in its header')

  let at = preludeBytes + headerLength
  for (const array of arrays) {
    bytesOf(array).set(file.subarray(at, at + array.byteLength))
    at += array.byteLength
  }
  return { model, itemIds }
}

/** The arrays in the order of the file. */
function arraysOf(model: Model, itemIds: Int32Array) {
  return [
    itemIds,
    model.offsets,
    model.readerCounts,
    model.solvedCounts,
    model.ids,
    model.weights,
    model.cosines,
    model.borrowed,
  ] as const
}

function toStored<Named extends { hyperparameters: string }>({ hyperparameters, ...rest }: Named): Stored<Named> {
  return { recipe: hyperparameters, ...rest }
}

function fromStored<Rest extends { recipe: string }>({ recipe, ...rest }: Rest) {
  return { hyperparameters: recipe, ...rest }
}

function emptyModel({ itemCount, entryCount, weightScale, cosineScale, origin }: Header): Model {
  return {
    itemCount,
    origin: { ...fromStored(origin), figures: origin.figures.map(fromStored) },
    offsets: new Int32Array(itemCount + 1),
    solvedCounts: new Uint16Array(itemCount),
    ids: createItemIds(itemCount, entryCount),
    weights: new Uint8Array(entryCount),
    weightScale,
    cosines: new Uint8Array(entryCount),
    cosineScale,
    readerCounts: new Int32Array(itemCount),
    borrowed: new Uint8Array(itemCount),
  }
}

function requireWhole(file: Buffer) {
  if (file.toString('latin1', 0, magic.length) !== magic) throw new ModelFileError('This is not a model of Books')
  if (file.length < preludeBytes + checksumBytes) throw new ModelFileError('The model is damaged: it is cut short')

  const version = file.readUInt32LE(magic.length)
  if (version !== formatVersion) {
    throw new ModelFileError(`The model has format ${version}, and this program reads format ${formatVersion}`)
  }

  const end = file.length - checksumBytes
  if (!checksumOf(file.subarray(0, end)).equals(file.subarray(end))) {
    throw new ModelFileError('The model is damaged: its checksum does not match')
  }
}

function checksumOf(bytes: Buffer) {
  return createHash('sha256').update(bytes).digest()
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView) {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** The arrays are written as they are in memory. */
function requireLittleEndian() {
  if (endianness() !== 'LE') throw new ModelFileError('Models are read and written on little-endian machines only')
}

import { openBookIndex } from '../books/book-index.ts'
import type { PackedBooks } from '../books/packed-books.ts'
import type { Model } from '../model/model.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { ReaderRows } from '../readers/reader-rows.ts'
import { type FlatArrays, readFlat, writeFlat } from './flat-file.ts'

/** The state of the service at a time, as it is stored. */
export interface StoredSnapshot {
  snapshot: Snapshot
  rows: ReaderRows
  position: SnapshotPosition
}

/** Up to where a stored snapshot has what the database has. */
export interface SnapshotPosition {
  /** Changes where something in the database was removed or renumbered, after which older snapshots are of no use. */
  era: number
  /** The rows have all interactions up to this sequence number. */
  place: number
  /** The newest of these; undefined where there is none. */
  last: { place: number; id: string } | undefined
}

/** Changes with the layout of what is stored. */
const version = 1

interface Facts extends SnapshotPosition {
  revision: number
  model: Pick<Model, 'itemCount' | 'origin' | 'weightScale' | 'cosineScale'>
  /** The name of the stored model; undefined before the first training. */
  stored?: string
}

/** A snapshot as the pieces of a file. */
export function writeSnapshot({ snapshot, rows, position }: StoredSnapshot): Generator<Uint8Array> {
  const { bookIndex, revision, model, stored, byPopularity } = snapshot
  const { itemCount, origin, weightScale, cosineScale, ...modelArrays } = model
  const facts: Facts = {
    ...position,
    ...{ revision, model: { itemCount, origin, weightScale, cosineScale } },
    ...(stored && { stored: stored.name }),
  }
  const arrays = {
    ...prefixed('books', { ...bookIndex.packed }),
    ...prefixed('rows', { ...rows }),
    ...prefixed('model', modelArrays),
    ...(stored && { trained: stored.bytes }),
    byPopularity,
  }
  return writeFlat(version, { facts, arrays })
}

/** Reads what `writeSnapshot` wrote, as views. Throws a `SnapshotError` where it is damaged or of another version. */
export async function readSnapshot(pieces: AsyncIterable<Uint8Array>, size: number): Promise<StoredSnapshot> {
  const content = await readFlat(version, pieces, size)
  const { revision, model, stored, ...position } = content.facts as Facts
  const { trained, byPopularity } = content.arrays
  return {
    position: { ...position, last: position.last },
    rows: withPrefix('rows', content.arrays) as unknown as ReaderRows,
    snapshot: {
      bookIndex: openBookIndex(withPrefix('books', content.arrays) as unknown as PackedBooks),
      revision,
      model: { ...model, ...withPrefix('model', content.arrays) } as Model,
      stored: stored === undefined ? undefined : { name: stored, bytes: trained as Uint8Array },
      byPopularity: byPopularity as Int32Array,
    },
  }
}

function prefixed(prefix: string, arrays: FlatArrays): FlatArrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${prefix}.${name}`, array]))
}

function withPrefix(prefix: string, arrays: FlatArrays): FlatArrays {
  const own = Object.entries(arrays).filter(([name]) => name.startsWith(`${prefix}.`))
  return Object.fromEntries(own.map(([name, array]) => [name.slice(prefix.length + 1), array]))
}

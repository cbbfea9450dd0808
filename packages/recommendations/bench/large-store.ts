import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { categories } from '@books/catalogue'
import { firstImportedId } from '../src/books/book-ids.ts'
import { openBookIndex } from '../src/books/book-index.ts'
import { createBookPacker } from '../src/books/packed-books.ts'
import { createItemIds, emptyModel, type Model } from '../src/model/model.ts'
import { encodeModel } from '../src/model/model-file.ts'
import { createRandom } from '../src/random.ts'
import { kinds } from '../src/readers/interaction.ts'
import type { ReaderRows } from '../src/readers/reader-rows.ts'
import { sharedBytes, sharedDoubles, sharedInts } from '../src/shared-arrays.ts'
import { writeSnapshot } from '../src/snapshot/snapshot-file.ts'

/** The size of a made-up store. */
export interface StoreSize {
  readonly readers: number
  readonly books: number
  readonly opinions: number
  /** Entries in the row of a book. */
  readonly neighbours: number
}

/**
 * Writes the snapshot of a made-up store into a data folder that was started before, without readers. Its model is random: it has the
 * size of one that is trained, which would take minutes.
 */
export async function writeLargeStore(dataDir: string, size: StoreSize): Promise<void> {
  const path = join(dataDir, 'recommendations', 'model')
  const { mtime } = await stat(path)
  const bookIndex = createBooks(size.books)
  const model = createModel(size)
  const stored = { name: `${path} of ${mtime.toISOString()}`, bytes: encodeModel(model, bookIndex.itemIds) }
  const byPopularity = Int32Array.from({ length: size.books }, (_, item) => item)
  const pieces = writeSnapshot({
    snapshot: { bookIndex, revision: 0, model, stored, byPopularity },
    rows: createRows(size, bookIndex.itemIds),
    position: { era: 0, place: 0, last: undefined },
  })
  await pipeline(
    function* () {
      for (const piece of pieces) yield Buffer.from(piece)
    },
    createWriteStream(`${path}.snapshot`),
  )
}

function createBooks(count: number) {
  const packer = createBookPacker()
  for (let item = 0; item < count; item++) {
    packer.add({
      id: firstImportedId + item,
      title: `The Collected Works of Author ${item}`,
      author: `Author ${item >> 2}`,
      year: 2000,
      category: categories[item % categories.length]!,
    })
  }
  return openBookIndex(packer.finish())
}

function createModel({ books, neighbours, readers, opinions }: StoreSize): Model {
  const random = createRandom(1)
  const entries = books * neighbours
  const origin = { hyperparameters: 'sparse', figures: [], readerCount: readers, interactionCount: opinions }
  return {
    ...emptyModel(books),
    origin,
    offsets: Int32Array.from({ length: books + 1 }, (_, item) => item * neighbours),
    solvedCounts: new Uint16Array(books).fill(neighbours),
    ids: createItemIds(books, entries).map(() => Math.floor(random() * books)),
    weights: new Uint8Array(entries).map((_, at) => 1 + (at % 255)),
    cosines: new Uint8Array(entries).map((_, at) => 1 + (at % 255)),
    weightScale: 1e-5,
    cosineScale: 1e-5,
    readerCounts: new Int32Array(books).fill(Math.ceil(opinions / books)),
  }
}

function createRows({ readers, opinions }: StoreSize, itemIds: Int32Array): ReaderRows {
  const random = createRandom(2)
  const each = Math.floor(opinions / readers)
  const liked = kinds.indexOf('liked') * 8
  const starts = sharedInts(readers + 1).map((_, row) => row * each)
  return {
    readerIds: sharedInts(readers).map((_, row) => row + 1),
    starts,
    ends: sharedInts(readers).map((_, row) => (row + 1) * each),
    bookIds: sharedInts(readers * each).map(() => itemIds[Math.floor(random() * itemIds.length)]!),
    times: sharedDoubles(readers * each).map((_, at) => 1.8e12 - 1e6 * (at % each)),
    opinions: sharedBytes(readers * each).fill(liked),
  }
}

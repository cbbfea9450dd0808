import { parentPort, workerData } from 'node:worker_threads'
import type { Book } from '../books/book.ts'
import { createBookIndex, openBookIndex } from '../books/book-index.ts'
import type { PackedBooks } from '../books/packed-books.ts'
import type { ReaderRows } from '../readers/reader-rows.ts'
import { shareBytes } from '../shared-arrays.ts'
import { type FittedModel, fitModel } from './fit-model.ts'
import { emptyModel } from './model.ts'
import { ModelFileError } from './model-file.ts'
import { popularityOf, rankByScore } from './popularity.ts'

/** The data of this worker thread. A thread of its own, so that requests are answered meanwhile. */
export interface SnapshotJob {
  books: PackedBooks
  /** New books, and others instead of those with the same ids. */
  changed: readonly Book[]
  rows: ReaderRows
  /** The bytes of a model; without it only popularity counts. */
  trained: Uint8Array | undefined
}

/** What a snapshot is made of, or why the model cannot be used. */
export type SnapshotResult =
  | (Partial<Pick<FittedModel, 'bytes'>> &
      Pick<FittedModel, 'model'> & { books: PackedBooks; byPopularity: Int32Array })
  | { refusal: string }

const { books, changed, rows, trained } = workerData as SnapshotJob
try {
  const bookIndex = changed.length === 0 ? openBookIndex(books) : withChanged(books, changed)
  const fitted = trained ? fitModel(trained, bookIndex) : { model: emptyModel(bookIndex.count) }
  const byPopularity = rankByScore(popularityOf(bookIndex, rows))
  const { model } = fitted
  const bytes = 'bytes' in fitted ? { bytes: shareBytes(fitted.bytes) } : {}
  const result: SnapshotResult = { model, ...bytes, books: bookIndex.packed, byPopularity }
  parentPort?.postMessage(result, buffersOf([...Object.values(model), byPopularity]))
} catch (error) {
  if (!(error instanceof ModelFileError)) throw error
  parentPort?.postMessage({ refusal: error.message } satisfies SnapshotResult)
}

function withChanged(packed: PackedBooks, some: readonly Book[]) {
  const all = new Map([...openBookIndex(packed).listBooks(), ...some].map((book) => [book.id, book]))
  return createBookIndex([...all.values()])
}

/** The memory of the arrays, which is transferred instead of copied. */
function buffersOf(values: readonly unknown[]): ArrayBuffer[] {
  const buffers = values.filter((value) => ArrayBuffer.isView(value)).map(({ buffer }) => buffer)
  return [...new Set(buffers.filter((buffer) => buffer instanceof ArrayBuffer))]
}

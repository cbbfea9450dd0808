import type { Book } from '../books/book.ts'
import { type BookIndex, openBookIndex } from '../books/book-index.ts'
import type { ReaderRows } from '../readers/reader-rows.ts'
import { runJob } from '../run-job.ts'
import { ModelFileError } from './model-file.ts'
import type { StoredModel } from './model-store.ts'
import type { Snapshot } from './snapshot.ts'
import type { SnapshotJob, SnapshotResult } from './snapshot-job.ts'

/** What a snapshot is made from. */
export interface SnapshotParts {
  bookIndex: BookIndex
  /** Books to add to the index, or to take instead of those with the same ids. */
  changed?: readonly Book[]
  revision: number
  rows: ReaderRows
  /** Without a model, only popularity counts. */
  stored: StoredModel | undefined
}

/** Makes a snapshot, in a worker thread. Rejects with a `ModelFileError` where the model is damaged. */
export async function createSnapshot(parts: SnapshotParts, signal?: AbortSignal): Promise<Snapshot> {
  const { bookIndex, changed = [], revision, rows, stored } = parts
  const job: SnapshotJob = { books: bookIndex.packed, changed, rows, trained: stored?.bytes }
  const result = await runJob(new URL('./snapshot-job.ts', import.meta.url), {
    job,
    readResult: (message) => message as SnapshotResult,
    ...(signal && { signal }),
  })
  if ('refusal' in result) throw new ModelFileError(result.refusal)

  const { books, model, bytes, byPopularity } = result
  return {
    bookIndex: changed.length === 0 ? bookIndex : openBookIndex(books),
    ...{ revision, model, byPopularity },
    stored: stored && { name: stored.name, bytes: bytes ?? stored.bytes },
  }
}

import { runJob } from '../run-job.ts'
import { changeOf, createChanges } from './changes.ts'
import { arrangeHistory, emptyHistory, type History } from './history.ts'
import type { Interaction } from './interaction.ts'
import type { PackingJob } from './packing-job.ts'
import { emptyRows, historyAt, inOrderOfAdding, type ReaderRows, rowOf } from './reader-rows.ts'

/** What every reader did, in memory: compressed rows, and what came since. */
export interface Readers {
  /** Adds an interaction. Adding it again changes nothing, and the order matters only for those at the same time. */
  add(interaction: Interaction): void
  /** What a reader did; empty for one without interactions. */
  historyOf(readerId: number): History
  /** How many interactions are not in the rows. */
  readonly unpackedCount: number
  /** Moves what was added into the rows, in a worker thread, and resolves to rows that have everything so far. */
  pack(): Promise<ReaderRows>
}

const maxCached = 10_000

/** Creates readers with these rows. */
export function createReaders(first: ReaderRows = emptyRows()): Readers {
  let rows = first
  let changes = createChanges()
  let packing: Promise<ReaderRows> = Promise.resolve(first)
  /** Histories of readers with changes. */
  const cached = new Map<number, History>()

  async function packChanges(): Promise<ReaderRows> {
    const { blocks, size } = changes
    if (size === 0) return rows
    const job: PackingJob = { rows, blocks, count: size }
    rows = await runJob(new URL('./packing-job.ts', import.meta.url), {
      job,
      readResult: (message) => message as ReaderRows,
    })

    const before = changes
    changes = createChanges()
    cached.clear()
    for (let place = size; place < before.size; place++) changes.add(before.at(place))
    return rows
  }

  function merge(readerId: number): History {
    const row = rowOf(rows, readerId)
    const added = changes.listOf(readerId)
    if (added.length === 0) return row < 0 ? emptyHistory : historyAt(rows, row)

    const all = inOrderOfAdding(rows, row, added)
    const { shown } = arrangeHistory(all)
    const history = {
      bookIds: Int32Array.from(shown, (at) => all.bookIds[at]!),
      times: Float64Array.from(shown, (at) => all.times[at]!),
      opinions: Uint8Array.from(shown, (at) => all.opinions[at]!),
    }
    if (cached.size === maxCached) cached.clear()
    cached.set(readerId, history)
    return history
  }

  return {
    add(interaction) {
      changes.add(changeOf(interaction))
      cached.delete(interaction.readerId)
    },
    historyOf: (readerId) => cached.get(readerId) ?? merge(readerId),
    get unpackedCount() {
      return changes.size
    },
    pack() {
      packing = packing.then(packChanges, packChanges)
      return packing
    },
  }
}

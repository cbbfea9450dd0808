import { parentPort, workerData } from 'node:worker_threads'
import { type ChangeBlock, changesIn } from './changes.ts'
import { packRows, type ReaderRows } from './reader-rows.ts'

/** The data of this worker thread. A thread of its own, so that requests are answered meanwhile. */
export interface PackingJob {
  rows: ReaderRows
  blocks: readonly ChangeBlock[]
  /** How many changes the blocks have. */
  count: number
}

const { rows, blocks, count } = workerData as PackingJob
parentPort?.postMessage(packRows(rows, changesIn(blocks), count))

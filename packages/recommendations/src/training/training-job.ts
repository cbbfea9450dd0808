import { parentPort, workerData } from 'node:worker_threads'
import { decodeModel, encodeModel } from '../model/model-file.ts'
import type { ReaderRows } from '../readers/reader-rows.ts'
import { shareBytes } from '../shared-arrays.ts'
import { createInteractions } from './interactions.ts'
import { resolveItems } from './resolve-items.ts'
import { trainModel } from './train-model.ts'
import { trainingDataOf } from './training-data.ts'
import type { Progress } from './worker-pool.ts'

/** The data of this worker thread. A thread of its own, so that requests are answered meanwhile. */
export interface TrainingJob {
  itemIds: Int32Array
  rows: ReaderRows
  threads: number
  /** Where given, only these items of this model are solved anew. */
  touched?: { model: Uint8Array; items: readonly number[] }
}

/** A message of this worker thread: its progress, or the model in the end, in shared memory. */
export type TrainingJobMessage = Progress | { model: Uint8Array }

const { itemIds, rows, threads, touched } = workerData as TrainingJob
const { offsets, items, itemCount, isOrdered } = trainingDataOf(itemIds, rows)
const lists = Array.from({ length: offsets.length - 1 }, (_, reader) =>
  items.subarray(offsets[reader], offsets[reader + 1]),
)
const interactions = createInteractions(lists, itemCount, isOrdered)

const model = touched
  ? resolveItems(decodeModel(touched.model).model, interactions, touched.items)
  : await trainModel(interactions, { threads, onProgress: post })
post({ model: shareBytes(encodeModel(model, itemIds)) })

function post(message: TrainingJobMessage): void {
  parentPort?.postMessage(message)
}

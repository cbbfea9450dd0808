import { parentPort, workerData } from 'node:worker_threads'
import { decodeModel, encodeModel } from '../model/model-file.ts'
import { createInteractions } from './interactions.ts'
import { resolveItems } from './resolve-items.ts'
import { trainModel } from './train-model.ts'
import type { TrainingData } from './training-data.ts'
import type { Progress } from './worker-pool.ts'

/** The data of this worker thread. A thread of its own, so that requests are answered meanwhile. */
export interface TrainingJob {
  data: TrainingData
  threads: number
  /** Where given, only these items of this model are solved anew. */
  touched?: { model: Uint8Array; items: readonly number[] }
}

/** A message of this worker thread: its progress, or the model in the end. */
export type TrainingJobMessage = Progress | { model: Uint8Array<ArrayBuffer> }

const { data, threads, touched } = workerData as TrainingJob
const { offsets, items, itemCount, itemIds } = data
const rows = Array.from({ length: offsets.length - 1 }, (_, reader) =>
  items.subarray(offsets[reader], offsets[reader + 1]),
)
const interactions = createInteractions(rows, itemCount)

const model = touched
  ? resolveItems(decodeModel(touched.model).model, interactions, touched.items)
  : await trainModel(interactions, { threads, onProgress: post })
const bytes = encodeModel(model, itemIds)
post({ model: bytes })

function post(message: TrainingJobMessage): void {
  parentPort?.postMessage(message)
}

import { parentPort, workerData } from 'node:worker_threads'
import { decodeModel, encodeModel } from '../model/model-file.ts'
import { createInteractions } from './interactions.ts'
import { resolveItems } from './resolve-items.ts'
import { trainModel } from './train-model.ts'
import type { TrainingData } from './training-data.ts'

/** What a training is to do. It runs in a worker thread, so that nobody who asks for books waits for it. */
export interface TrainingJob {
  data: TrainingData
  threads: number
  /** Only these items of this model are solved anew. */
  touched?: { model: Uint8Array; items: readonly number[] }
}

/** What a training tells while it runs, and in the end. */
export type TrainingNews = { phase: string; done: number; count: number } | { model: Uint8Array<ArrayBuffer> }

const { data, threads, touched } = workerData as TrainingJob
const { offsets, items, itemCount, itemIds } = data
const rows = Array.from({ length: offsets.length - 1 }, (_, reader) =>
  items.subarray(offsets[reader], offsets[reader + 1]),
)
const interactions = createInteractions(rows, itemCount)

const model = touched
  ? resolveItems(decodeModel(touched.model).model, interactions, touched.items)
  : await trainModel(interactions, { threads, onProgress: tell })
const bytes = encodeModel(model, itemIds)
tell({ model: bytes })

function tell(news: TrainingNews): void {
  parentPort?.postMessage(news)
}

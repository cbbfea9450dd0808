import { parentPort, workerData } from 'node:worker_threads'
import type { Shelves } from '../books/shelves.ts'
import { type FittedModel, fitModel } from './fit-model.ts'
import { ModelFileError } from './model-file.ts'

/** What is to be fitted. It is done in a worker thread, so that nobody who asks for books waits for it. */
export interface FittingJob extends Pick<Shelves, 'itemIds' | 'facts'> {
  bytes: Uint8Array
}

/** What came of it: the model, or why it cannot be used. */
export type FittingNews = FittedModel | { refusal: string }

const { bytes, ...shelves } = workerData as FittingJob
try {
  const fitted = fitModel(bytes, shelves)
  parentPort?.postMessage(fitted, buffersOf(fitted))
} catch (error) {
  if (!(error instanceof ModelFileError)) throw error
  parentPort?.postMessage({ refusal: error.message })
}

/** The memory of the arrays, which is handed over instead of copied. */
function buffersOf({ model, bytes: own }: FittedModel): ArrayBuffer[] {
  const arrays = [own, ...Object.values(model).filter((value) => ArrayBuffer.isView(value))]
  return [...new Set(arrays.map(({ buffer }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer))]
}

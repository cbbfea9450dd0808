import { parentPort, workerData } from 'node:worker_threads'
import type { BookIndex } from '../books/book-index.ts'
import { type FittedModel, fitModel } from './fit-model.ts'
import { ModelFileError } from './model-file.ts'

/** The data of this worker thread. A thread of its own, so that requests are answered meanwhile. */
export interface FittingJob extends Pick<BookIndex, 'itemIds' | 'facts'> {
  bytes: Uint8Array
}

/** The fitted model, or why it cannot be used. */
export type FittingResult = FittedModel | { refusal: string }

const { bytes, ...bookIndex } = workerData as FittingJob
try {
  const fitted = fitModel(bytes, bookIndex)
  parentPort?.postMessage(fitted, buffersOf(fitted))
} catch (error) {
  if (!(error instanceof ModelFileError)) throw error
  parentPort?.postMessage({ refusal: error.message })
}

/** The memory of the arrays, which is transferred instead of copied. */
function buffersOf({ model, bytes: own }: FittedModel): ArrayBuffer[] {
  const arrays = [own, ...Object.values(model).filter((value) => ArrayBuffer.isView(value))]
  return [...new Set(arrays.map(({ buffer }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer))]
}

import { parentPort, workerData } from 'node:worker_threads'
import type { Model } from '../model/model.ts'
import { type Training, trainOnPool } from './training.ts'
import { joinPool, PoolCancelled, type PoolControl, type Progress } from './worker-pool.ts'

/** The data of a worker thread. */
export interface TrainingWorkerData {
  readonly control: PoolControl
  readonly worker: number
  readonly training: Training
}

/** A message of a worker thread. */
export type TrainingMessage = { progress: Progress } | { model: Model }

const { control, worker, training } = workerData as TrainingWorkerData

function post(message: TrainingMessage) {
  const arrays = 'model' in message ? Object.values(message.model).filter(ArrayBuffer.isView) : []
  // Transferred, not copied: a large model would otherwise be in memory twice.
  parentPort!.postMessage(
    message,
    arrays.map(({ buffer }) => buffer as ArrayBuffer),
  )
}

try {
  const model = trainOnPool(
    joinPool(control, worker, (progress) => post({ progress })),
    training,
  )
  if (model) post({ model })
} catch (error) {
  if (!(error instanceof PoolCancelled)) throw error
}

import { Worker } from 'node:worker_threads'
import type { Model } from '../model/model.ts'
import { candidateOptions, hyperparameterSets } from './hyperparameters.ts'
import type { Interactions } from './interactions.ts'
import { createTraining, type TrainingOptions } from './training.ts'
import type { TrainingMessage, TrainingWorkerData } from './training-worker.ts'
import { cancelPool, createPoolControl, type Progress } from './worker-pool.ts'

/** How to train a model; everything has a default. */
export interface TrainModelOptions extends Partial<TrainingOptions> {
  /** Worker threads. The model does not depend on it. */
  readonly threads?: number
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Stops the training; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal
}

const defaults: TrainingOptions = { candidateOptions, hyperparameterSets, seed: 1 }

/** Trains a model on worker threads; the calling thread stays free. */
export async function trainModel(
  interactions: Interactions,
  { threads = 1, onProgress, signal, ...options }: TrainModelOptions = {},
): Promise<Model> {
  if (!Number.isInteger(threads) || threads < 1) throw new RangeError('threads must be a whole number of at least 1')
  signal?.throwIfAborted()

  const control = createPoolControl(threads)
  const training = createTraining(interactions, { ...defaults, ...options })
  const cancel = () => cancelPool(control)
  signal?.addEventListener('abort', cancel, { once: true })

  try {
    const workers = Array.from({ length: threads }, (_, worker) => runWorker({ control, worker, training }, onProgress))
    const [model] = await Promise.all(workers)
    signal?.throwIfAborted()
    return model!
  } finally {
    cancel()
    signal?.removeEventListener('abort', cancel)
  }
}

/** Resolves when the thread has ended, with the model if it is the thread that packs it. */
function runWorker(workerData: TrainingWorkerData, onProgress: TrainModelOptions['onProgress']) {
  return new Promise<Model | undefined>((resolve, reject) => {
    const worker = new Worker(new URL('./training-worker.ts', import.meta.url), { workerData })
    let model: Model | undefined

    worker.on('message', (message: TrainingMessage) => {
      if ('model' in message) model = message.model
      else onProgress?.(message.progress)
    })
    worker.on('error', reject)
    worker.on('exit', () => resolve(model))
  })
}

import { Worker } from 'node:worker_threads'
import type { TrainingJob, TrainingNews } from './training-job.ts'

/** How far a training is. */
export interface TrainingProgress {
  phase: string
  done: number
  count: number
}

/** Trains in a worker thread and resolves to the model's bytes. Aborting the signal ends it at once. */
export function runTraining(
  job: TrainingJob,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (progress: TrainingProgress) => void } = {},
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const worker = new Worker(new URL('./training-job.ts', import.meta.url), { workerData: job })
    const stop = () => void worker.terminate()
    signal?.addEventListener('abort', stop, { once: true })

    worker.on('message', (news: TrainingNews) => {
      if ('model' in news) resolve(news.model)
      else onProgress?.(news)
    })
    worker.on('error', reject)
    worker.on('exit', () => {
      signal?.removeEventListener('abort', stop)
      reject(signal?.aborted ? signal.reason : new Error('the training ended without a model'))
    })
  })
}

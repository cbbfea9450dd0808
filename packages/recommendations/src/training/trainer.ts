import { runJob } from '../model/run-job.ts'
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
  return runJob(new URL('./training-job.ts', import.meta.url), {
    job,
    ...(signal && { signal }),
    readResult(told) {
      const news = told as TrainingNews
      if ('model' in news) return news.model
      onProgress?.(news)
      return undefined
    },
  })
}

import { runJob } from '../run-job.ts'
import type { TrainingJob, TrainingJobMessage } from './training-job.ts'
import type { Progress } from './worker-pool.ts'

/** Trains in a worker thread and resolves to the model's bytes, in shared memory. Aborting the signal ends the thread at once. */
export function runTrainingJob(
  job: TrainingJob,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (progress: Progress) => void } = {},
): Promise<Uint8Array> {
  return runJob(new URL('./training-job.ts', import.meta.url), {
    job,
    ...(signal && { signal }),
    readResult(message) {
      const news = message as TrainingJobMessage
      if ('model' in news) return news.model
      onProgress?.(news)
      return undefined
    },
  })
}

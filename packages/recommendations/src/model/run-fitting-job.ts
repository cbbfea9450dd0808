import type { BookIndex } from '../books/book-index.ts'
import type { FittedModel } from './fit-model.ts'
import type { FittingResult } from './fitting-job.ts'
import { ModelFileError } from './model-file.ts'
import { runJob } from './run-job.ts'

/** Runs `fitModel` in a worker thread. Rejects with a `ModelFileError` where the model is damaged. */
export async function runFittingJob(
  bytes: Uint8Array,
  { itemIds, facts }: BookIndex,
  signal: AbortSignal,
): Promise<FittedModel> {
  const result = await runJob(new URL('./fitting-job.ts', import.meta.url), {
    job: { bytes, itemIds, facts },
    readResult: (message) => message as FittingResult,
    signal,
  })
  if ('refusal' in result) throw new ModelFileError(result.refusal)
  return result
}

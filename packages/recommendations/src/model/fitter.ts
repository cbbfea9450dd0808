import type { Shelves } from '../books/shelves.ts'
import type { FittedModel } from './fit-model.ts'
import type { FittingNews } from './fitting-job.ts'
import { ModelFileError } from './model-file.ts'
import { runJob } from './run-job.ts'

/** `fitModel` in a worker thread. Rejects with a `ModelFileError` where the model is damaged. */
export async function runFitting(
  bytes: Uint8Array,
  { itemIds, facts }: Shelves,
  signal: AbortSignal,
): Promise<FittedModel> {
  const news = await runJob(new URL('./fitting-job.ts', import.meta.url), {
    job: { bytes, itemIds, facts },
    readResult: (told) => told as FittingNews,
    signal,
  })
  if ('refusal' in news) throw new ModelFileError(news.refusal)
  return news
}

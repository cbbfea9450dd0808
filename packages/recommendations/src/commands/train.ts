import { performance } from 'node:perf_hooks'
import { StartError } from '@books/runtime'
import { createProgressBar, runCommand } from '@books/runtime/commands'
import { openData } from '@books/service/commands'
import { loadState } from '../load-state.ts'
import { decodeModel } from '../model/model-file.ts'
import { recommendations } from '../service.ts'
import { runTraining } from '../training/trainer.ts'
import { trainingDataOf } from '../training/training-data.ts'

const help = `Trains a model on everything that readers did, and keeps it in the database or at MODEL_PATH.

  train [--threads <n>]

  --threads  training threads; the model does not depend on it (default: TRAIN_THREADS)

It reads where DATABASE_URL or DATA_DIR say. Services on the same database go by the new model within seconds; one that
has the folder of DATA_DIR open must be stopped first, and trains by itself anyway.`

await runCommand({
  help,
  options: { threads: { type: 'string' } },
  async run({ values }) {
    await using opened = await openData(recommendations, { command: 'train', env: process.env })
    const { tables, settings, log } = opened
    const threads = values.threads === undefined ? settings.TRAIN_THREADS : Number(values.threads)
    const bar = createProgressBar(process.stderr)
    try {
      const { shelves, readers, models } = await loadState(tables, settings, log)
      const claim = await models.claim()
      if (!claim) throw new StartError('another process trains for the same place; wait for it')
      try {
        const data = await trainingDataOf(shelves, readers)
        console.log(
          `read: ${data.items.length} likings of ${data.itemCount} books by ${data.offsets.length - 1} readers`,
        )

        const started = performance.now()
        const bytes = await runTraining(
          { data, threads },
          { onProgress: ({ phase, done, count }) => bar.show(phase, done, count) },
        )
        bar.end()
        const { origin } = decodeModel(bytes).model
        for (const { recipe, ndcg } of origin.figures)
          console.log(`tried: recipe ${recipe}, nDCG@20 ${ndcg.toFixed(4)} on a slice kept back`)
        console.log(`chose: recipe ${origin.recipe}, ${((performance.now() - started) / 1000).toFixed(1)} s`)

        console.log(`wrote: ${await claim.save(bytes)}, ${(bytes.length / 1e6).toFixed(1)} MB`)
      } finally {
        await claim.release()
      }
    } finally {
      bar.end()
    }
  },
})

import { performance } from 'node:perf_hooks'
import { StartError } from '@books/runtime'
import { createProgressBar, numberOption, runCommand } from '@books/runtime/commands'
import { openData } from '@books/service/commands'
import { loadState } from '../load-state.ts'
import { decodeModel } from '../model/model-file.ts'
import { recommendations } from '../service.ts'
import { storeModel } from '../snapshot/store-model.ts'
import { runTrainingJob } from '../training/run-training-job.ts'
import type { Progress } from '../training/worker-pool.ts'

const help = `Trains a model on all interactions, and stores it and a snapshot to start from: on the database server, in DATA_DIR, or at MODEL_PATH.

  train [--threads <n>]

  --threads  training threads; the model does not depend on it (default: TRAIN_THREADS)

Reads the database of DATABASE_URL or DATA_DIR. Services on the same database server use the new model within seconds.
Stop a service that uses the folder of DATA_DIR first; it also trains by itself.`

await runCommand({
  help,
  options: { threads: numberOption() },
  async run({ values }) {
    await using opened = await openData(recommendations, { command: 'train', env: process.env })
    const { settings, log } = opened
    const { threads = settings.TRAIN_THREADS } = values
    const bar = createProgressBar(process.stderr)
    try {
      const state = await loadState(opened, settings, log)
      const lease = await state.models.acquireLease()
      if (!lease) throw new StartError('another process trains for the same store; wait for it')
      try {
        const rows = await state.readers.pack()
        const { bookIndex } = state.first
        console.log(
          `read: ${rows.bookIds.length} opinions of ${bookIndex.count} books by ${rows.readerIds.length} readers`,
        )

        const started = performance.now()
        const onProgress = ({ phase, done, count }: Progress) => bar.show(phase, done, count)
        const bytes = await runTrainingJob({ itemIds: bookIndex.itemIds, rows, threads }, { onProgress })
        bar.end()
        const { origin } = decodeModel(bytes).model
        for (const { hyperparameters, ndcg } of origin.figures) {
          console.log(`validated: hyperparameters ${hyperparameters}, nDCG@20 ${ndcg.toFixed(4)} on held-out likes`)
        }
        const seconds = ((performance.now() - started) / 1000).toFixed(1)
        console.log(`chose: hyperparameters ${origin.hyperparameters}, ${seconds} s`)

        console.log(`wrote: ${await storeModel(state, bytes, lease)}, ${(bytes.length / 1e6).toFixed(1)} MB`)
      } finally {
        await lease.release()
      }
    } finally {
      bar.end()
    }
  },
})

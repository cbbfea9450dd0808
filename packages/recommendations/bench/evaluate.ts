import { availableParallelism } from 'node:os'
import { StartError } from '@books/runtime'
import { createProgressBar, runCommand } from '@books/runtime/commands'
import type { Progress } from '../src/training/worker-pool.ts'
import { evaluate } from './evaluation.ts'
import { formatTable } from './format-table.ts'
import { readSplit } from './read-split.ts'

const help = `Trains on one file, evaluates on another, and prints recall and nDCG of popularity, item kNN and the model (engine).

  evaluate --train <file> --test <file> [--json] [--threads <n>]

The files have lines "reader item item ...", numbers from 0, and are gzipped if their names end in .gz.
  --json     print one JSON object and nothing else
  --threads  training threads; the figures do not depend on it (default: one for each processor)

It uses no database.`

await runCommand({
  help,
  options: {
    train: { type: 'string' },
    test: { type: 'string' },
    json: { type: 'boolean', default: false },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
  async run({ values: { train, test, json, threads } }) {
    if (!train || !test) throw new StartError(help)
    const split = await readSplit({ train, test })
    const bar = createProgressBar(process.stderr)
    const onProgress = json ? undefined : ({ phase, done, count }: Progress) => bar.show(phase, done, count)
    const { origin, ...evaluation } = await evaluate(split, { threads: Number(threads), onProgress })
    bar.end()
    if (json) return console.log(JSON.stringify(evaluation))

    const names = Object.keys(evaluation.models.engine) as (keyof typeof evaluation.models.engine)[]
    const rows = Object.entries(evaluation.models).map(([model, row]) => [
      model,
      ...names.map((name) => row[name].toFixed(4)),
    ])
    const { readers, trainSeconds, evaluateSeconds, peakMb } = evaluation
    console.log(formatTable(['', ...names], rows))
    console.log(
      `\n${readers} readers evaluated in ${evaluateSeconds} s. Trained in ${trainSeconds} s on ${origin.interactionCount} ` +
        `interactions with hyperparameters "${origin.hyperparameters}", ${peakMb} MB at most.`,
    )
  },
})

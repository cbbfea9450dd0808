import { availableParallelism } from 'node:os'
import { createProgressBar, numberOption, runCommand } from '@books/runtime/commands'
import type { Progress } from '../src/training/worker-pool.ts'
import { evaluate } from './evaluation.ts'
import { formatTable } from './format-table.ts'
import { readSplitOption, splitHelp, splitOptions } from './split-options.ts'

const help = `Trains on one file, evaluates on another, and prints recall and nDCG of popularity, item kNN and the model (engine).

  evaluate --train <file> --test <file> [--ordered] [--json] [--threads <n>]
  evaluate --ratings <file> [--json] [--threads <n>]

${splitHelp}
  --json     print one JSON object and nothing else
  --threads  training threads; the figures do not depend on it (default: one for each processor)

It uses no database.`

await runCommand({
  help,
  options: {
    ...splitOptions,
    json: { type: 'boolean', default: false },
    threads: numberOption(availableParallelism()),
  },
  async run({ values: { json, threads, ...data } }) {
    const split = await readSplitOption(data, help)
    const bar = createProgressBar(process.stderr)
    const onProgress = json ? undefined : ({ phase, done, count }: Progress) => bar.show(phase, done, count)
    const { origin, ...evaluation } = await evaluate(split, { threads, onProgress })
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

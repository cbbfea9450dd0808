import { availableParallelism } from 'node:os'
import { StartError } from '@books/runtime'
import { createProgressBar, runCommand } from '@books/runtime/commands'
import { evaluate } from './evaluation.ts'
import { formatTable } from './format-table.ts'
import { readSplit } from './read-split.ts'

const help = `Trains on one file, measures on another, and prints Recall and nDCG for popularity, item kNN and the engine.

  evaluate --train <file> --test <file> [--json] [--threads <n>]

The files have lines "reader item item ...", numbers from 0, and are gzipped if their names end in .gz.
  --json     print one JSON object and nothing else
  --threads  training threads; the figures do not depend on it (default: one for each processor)

It touches no database.`

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
    const onProgress = json
      ? undefined
      : ({ phase, done, count }: { phase: string; done: number; count: number }) => bar.show(phase, done, count)
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
      `\n${readers} readers asked. Trained in ${trainSeconds} s on ${origin.interactionCount} interactions by the recipe ` +
        `"${origin.recipe}", asked in ${evaluateSeconds} s, ${peakMb} MB at most.`,
    )
  },
})

import { availableParallelism } from 'node:os'
import { createProgressBar, runCommand } from '@books/runtime/commands'
import { ablate } from './ablate.ts'
import { formatTable } from './format-table.ts'
import { readSplitOption, splitHelp, splitOptions } from './split-options.ts'

const help = `Evaluates the model with and without each of its steps, and prints a table.

  ablation --train <file> --test <file> [--ordered]
  ablation --ratings <file>

${splitHelp}`

await runCommand({
  help,
  options: splitOptions,
  async run({ values }) {
    const split = await readSplitOption(values, help)
    const bar = createProgressBar(process.stderr)
    const rows: string[][] = []
    for await (const { name, figures } of ablate(split, availableParallelism())) {
      rows.push([name, figures['recall@20'].toFixed(4), figures['ndcg@20'].toFixed(4)])
      bar.show(`measured ${name}:`, rows.length)
    }
    bar.end()
    console.log(formatTable(['', 'recall@20', 'ndcg@20'], rows))
  },
})

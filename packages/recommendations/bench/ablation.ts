import { availableParallelism } from 'node:os'
import { StartError } from '@books/runtime'
import { createProgressBar, runCommand } from '@books/runtime/commands'
import { ablate } from './ablate.ts'
import { formatTable } from './format-table.ts'
import { readSplit } from './read-split.ts'

const help = `Evaluates the model with and without each of its steps, and prints a table.

  ablation --train <file> --test <file>

The files have lines "reader item item ...", numbers from 0, and are gzipped if their names end in .gz.`

await runCommand({
  help,
  options: { train: { type: 'string' }, test: { type: 'string' } },
  async run({ values: { train, test } }) {
    if (!train || !test) throw new StartError(help)
    const bar = createProgressBar(process.stderr)
    const rows: string[][] = []
    for await (const { name, figures } of ablate(await readSplit({ train, test }), availableParallelism())) {
      rows.push([name, figures['recall@20'].toFixed(4), figures['ndcg@20'].toFixed(4)])
      bar.show(`measured ${name}:`, rows.length)
    }
    bar.end()
    console.log(formatTable(['', 'recall@20', 'ndcg@20'], rows))
  },
})

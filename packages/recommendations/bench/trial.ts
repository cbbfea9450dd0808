import { createProgressBar, numberOption, runCommand } from '@books/runtime/commands'
import { formatTable } from './format-table.ts'
import { runTrial } from './run-trial.ts'
import { variants } from './trial-variants.ts'

const help = `Measures what each kind of interaction is worth, on made-up readers, and prints a table.

  trial [--readers <n>] [--books <n>] [--seeds <n>]

Made-up readers view, like, buy and rate books for some time (bench/trial-readers.ts says how). An engine that was told
everything, or everything but one kind, recommends 20 books to each, and the table has the nDCG@20 of the books that they
choose and enjoy afterwards: of all readers, and of those who liked or disliked fewer than four books before. The same
options give the same figures.
  --readers  how many (default: 3000)
  --books    how many (default: 1500)
  --seeds    trials to take the means of (default: 3)`

await runCommand({
  help,
  options: {
    readers: numberOption(3_000),
    books: numberOption(1_500),
    seeds: numberOption(3),
  },
  async run({ values: { readers, books, seeds } }) {
    const bar = createProgressBar(process.stderr)
    const names = Object.keys(variants)
    const rows: string[][] = []
    let base: number[] = []

    for (const name of names) {
      const trials: number[][] = []
      for (let seed = 1; seed <= seeds; seed++) {
        bar.show(name, rows.length * seeds + seed, names.length * seeds)
        const figures = await runTrial({ readers, books, seed }, variants[name]!)
        trials.push([figures.all['ndcg@20'], figures.newcomers['ndcg@20']])
      }
      const means = [0, 1].map((at) => trials.reduce((sum, figures) => sum + figures[at]!, 0) / seeds)
      if (rows.length === 0) base = means
      const changes = means.map((mean, at) => `${(100 * (mean / base[at]! - 1)).toFixed(1)} %`)
      rows.push([name, ...means.map((mean) => mean.toFixed(4)), ...changes])
    }
    bar.end()
    console.log(formatTable(['', 'all readers', 'newcomers', 'change', 'change'], rows))
  },
})

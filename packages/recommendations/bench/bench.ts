import { createProgressBar, numberOption, runCommand } from '@books/runtime/commands'
import type { Model } from '../src/model/model.ts'
import { demoReaderCount } from '../src/readers/demo-readers.ts'
import { createInteractions, type Interactions } from '../src/training/interactions.ts'
import { trainModel } from '../src/training/train-model.ts'
import { rpcRatio } from './bench-rpc.ts'
import { formatTable } from './format-table.ts'
import { peakMemoryMb } from './peak-memory.ts'
import { readSplit } from './read-split.ts'
import { createSyntheticReaders } from './synthetic-readers.ts'
import { everyNthItem, everyNthReader, medianServing, type ServingTimes, timeServing, timeTraining } from './timing.ts'

const help = `Times training, in units of a plain count of co-occurrences in the same run; serving; and the Recommend call, in
units of a call that answers constants.

  bench [--train <file>] [--rounds <n>] [--serving]

  --train    a file of lines "reader item item ..."; by default synthetic readers:
             650,000 interactions of 15,000 readers with 25,000 items
  --rounds   rounds to take the median of (default: 3); each takes about half a minute
  --serving  only times serving, a line for each round`

const synthetic = { readers: 15_000, items: 25_000, interactions: 650_000, seed: 1 }
const servingHead = ['p50 µs', 'p99 µs', 'p99.9 µs']
const bar = createProgressBar(process.stderr)

await runCommand({
  help,
  options: {
    train: { type: 'string' },
    rounds: numberOption(3),
    serving: { type: 'boolean', default: false },
  },
  async run({ values: { train, rounds, serving } }) {
    const interactions = await readInteractions(train)
    if (serving) return benchServing(interactions, rounds)
    await benchModel(interactions, rounds)
    bar.show('calling Recommend', 0, 1)
    const ratio = await rpcRatio(demoReaderCount, rounds)
    bar.end()
    console.log(`\nRecommend, in units of a call that answers constants: ${ratio.toFixed(2)}`)
  },
})

async function benchServing(interactions: Interactions, rounds: number): Promise<void> {
  const model = await trainModel(interactions, { threads: 2 })
  const rows = serve(model, interactions, rounds).map(servingCells)
  bar.end()
  console.log(
    formatTable(
      ['', ...servingHead],
      rows.map((cells, round) => [`round ${round + 1}`, ...cells]),
    ),
  )
}

function serve(model: Model, interactions: Interactions, rounds: number): ServingTimes[] {
  return Array.from({ length: rounds }, (_, round) => {
    bar.show('serving', round, rounds)
    return timeServing(model, interactions)
  })
}

function servingCells({ p50, p99, p999 }: ServingTimes): string[] {
  return [p50, p99, p999].map((value) => value.toFixed(0))
}

async function benchModel(full: Interactions, rounds: number): Promise<void> {
  const sets = {
    all: full,
    'half of the readers': everyNthReader(full, 2),
    'a quarter of the readers': everyNthReader(full, 4),
    'an eighth of the readers': everyNthReader(full, 8),
    'a quarter of the items': everyNthItem(full, 4),
  }
  const rows: string[][] = []

  // Measured before anything is repeated, as later rounds include what earlier ones left in memory.
  await trainModel(full, { threads: 2 })
  const peakMb = peakMemoryMb()
  for (const [name, interactions] of Object.entries(sets)) {
    const { model, ...training } = await timeTraining(interactions, rounds, (round) =>
      bar.show(`training: ${name}`, round, rounds),
    )
    const serving = medianServing(serve(model, interactions, rounds))
    const { readerCount, itemCount, readerItems } = interactions
    rows.push([
      name,
      ...[readerCount, itemCount, readerItems.length].map(String),
      ...[training.countMs, training.trainMs].map((value) => value.toFixed(0)),
      ...[training.oneThreadRatio, training.twoThreadsRatio, training.speedUp].map((value) => value.toFixed(2)),
      ...servingCells(serving),
    ])
  }
  bar.end()

  const head = ['', 'readers', 'items', 'interactions', 'count ms', 'train ms', '÷ count', '2 threads', 'speed-up']
  console.log(formatTable([...head, ...servingHead], rows))
  console.log(`\nPeak memory of reading and training once: ${peakMb} MB`)
}

async function readInteractions(file: string | undefined) {
  if (file !== undefined) return (await readSplit({ train: file, test: file })).train
  return createInteractions(createSyntheticReaders(synthetic), synthetic.items)
}

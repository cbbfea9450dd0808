import { createProgressBar, runCommand } from '@books/runtime/commands'
import { demoReaderCount } from '../src/readers/demo-readers.ts'
import { createInteractions } from '../src/training/interactions.ts'
import { trainModel } from '../src/training/train-model.ts'
import { rpcRatio } from './bench-rpc.ts'
import { formatTable } from './format-table.ts'
import { peakMemoryMb } from './peak-memory.ts'
import { readSplit } from './read-split.ts'
import { createSyntheticReaders } from './synthetic-readers.ts'
import { everyNthItem, everyNthReader, timeServing, timeTraining } from './timing.ts'

const help = `Times training, in units of a plain count of co-occurrences in the same run; serving; and the Recommend call, in
units of a call that answers constants.

  bench [--train <file>] [--rounds <n>]

  --train   a file of lines "reader item item ..."; by default synthetic readers:
            650,000 interactions of 15,000 readers with 25,000 items
  --rounds  rounds to take the median of (default: 5)`

const synthetic = { readers: 15_000, items: 25_000, interactions: 650_000, seed: 1 }
const bar = createProgressBar(process.stderr)

await runCommand({
  help,
  options: { train: { type: 'string' }, rounds: { type: 'string', default: '5' } },
  async run({ values: { train, rounds } }) {
    await benchModel(await readInteractions(train), Number(rounds))
    bar.show('calling Recommend', 0, 1)
    const ratio = await rpcRatio(demoReaderCount, Number(rounds))
    bar.end()
    console.log(`\nRecommend, in units of a call that answers constants: ${ratio.toFixed(2)}`)
  },
})

async function benchModel(full: ReturnType<typeof createInteractions>, rounds: number): Promise<void> {
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
    bar.show(`timing: ${name}`, rows.length, Object.keys(sets).length)
    const { model, ...training } = await timeTraining(interactions, rounds)
    const serving = timeServing(model, interactions)
    const { readerCount, itemCount, readerItems } = interactions
    rows.push([
      name,
      ...[readerCount, itemCount, readerItems.length].map(String),
      ...[training.countMs, training.trainMs].map((value) => value.toFixed(0)),
      ...[training.oneThreadRatio, training.twoThreadsRatio, training.speedUp].map((value) => value.toFixed(2)),
      ...[serving.p50, serving.p99, serving.p999].map((value) => value.toFixed(0)),
    ])
  }
  bar.end()

  const head = ['', 'readers', 'items', 'interactions', 'count ms', 'train ms', '÷ count', '2 threads', 'speed-up']
  console.log(formatTable([...head, 'p50 µs', 'p99 µs', 'p99.9 µs'], rows))
  console.log(`\nPeak memory of reading and training once: ${peakMb} MB`)
}

async function readInteractions(file: string | undefined) {
  if (file !== undefined) return (await readSplit({ train: file, test: file })).train
  return createInteractions(createSyntheticReaders(synthetic), synthetic.items)
}

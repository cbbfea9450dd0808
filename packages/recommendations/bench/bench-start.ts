import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { numberOption, runCommand } from '@books/runtime/commands'
import { formatTable } from './format-table.ts'
import { writeLargeStore } from './large-store.ts'
import { measureStart, type StartFigures } from './measure-start.ts'

const help = `Times a start of the service as a process, until a reader has an answer, and measures its memory.

  bench-start [--ratings <ratings.csv>] [--readers <n> --books <n> --opinions <n>] [--limited]

It starts the default store. With --ratings it imports them into another, trains it and starts that, too. With --readers, --books and
--opinions it writes the snapshot of a made-up store, with 200 entries for each book, and starts that.
  --limited  with the embedded database as in a container of less than 2 GB
  --rounds   starts to take the median of (default: 3)`

const options = {
  ratings: { type: 'string' },
  readers: numberOption(),
  books: numberOption(),
  opinions: numberOption(),
  limited: { type: 'boolean', default: false },
  rounds: numberOption(3),
} as const

await runCommand({
  help,
  options,
  async run({ values: { ratings, readers, books, opinions, limited: isLimited, rounds } }) {
    const folder = await mkdtemp(join(tmpdir(), 'books-bench-start-'))
    const rows: string[][] = []
    const measure = async (name: string, dataDir: string, readerIds: readonly number[]) => {
      const figures: StartFigures[] = []
      for (let round = 0; round < rounds; round++) {
        figures.push(await measureStart(dataDir, { readerIds, isLimited }))
      }
      rows.push([name, ...Object.values(medianOf(figures)).map((value) => value.toFixed(value < 10 ? 2 : 0))])
    }

    try {
      const first = join(folder, 'default')
      // The first start sets the store up.
      await measureStart(first, { readerIds: [1], isLimited })
      await measure('default', first, range(500))
      if (ratings) {
        const imported = join(folder, 'imported')
        await run('import', imported, [ratings])
        await run('train', imported, [])
        await measure('imported', imported, range(2_000))
      }
      if (readers && books && opinions) {
        const made = join(folder, 'made')
        process.env['DEMO_READERS'] = 'false'
        await measureStart(made, { readerIds: [1], isLimited })
        await writeLargeStore(made, { readers, books, opinions, neighbours: 200 })
        await measure('made up', made, range(2_000))
      }
      console.log(formatTable(['', 'first answer ms', 'CPU ms', 'peak MB', 'memory MB', 'answer ms'], rows))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
})

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index + 1)
}

async function run(command: string, dataDir: string, args: readonly string[]): Promise<void> {
  const file = fileURLToPath(new URL(`../src/commands/${command}.ts`, import.meta.url))
  await promisify(execFile)(process.execPath, [file, ...args], { env: { ...process.env, DATA_DIR: dataDir } })
}

function medianOf(figures: readonly StartFigures[]) {
  const median = (of: keyof StartFigures) =>
    figures.map((each) => each[of]).toSorted((one, other) => one - other)[figures.length >> 1] ?? 0
  return {
    firstAnswerMs: median('firstAnswerMs'),
    cpuMs: median('cpuMs'),
    peakMb: median('peakMb'),
    memoryMb: median('memoryMb'),
    answerMs: median('answerMs'),
  }
}

import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { markdownTable, median } from '@books/rpc/bench'
import { numberOption, runCommand } from '@books/runtime/commands'
import { runProcess } from '@books/runtime/testing'
import { addressOf, freePorts } from '../src/store.fixture.ts'

const help = `Measures how long the whole store takes from the start of its process until the homepage is there, beside the start of a Node process
that does nothing.

  make bench-start ARGS='[--rounds <n>]'

  --rounds  starts of each kind, of which the medians are shown (default: 5)`

// Seconds.
const wanted = { again: 3, first: 8 }

await runCommand({
  help,
  options: { rounds: numberOption(5) },
  async run({ values: { rounds } }) {
    const times = { bare: [] as number[], first: [] as number[], again: [] as number[] }
    for (let round = 0; round < rounds; round++) {
      const folder = await mkdtemp(join(tmpdir(), 'books-start-'))
      times.bare.push(await measureBare())
      times.first.push(await measureStore(folder))
      times.again.push(await measureStore(folder))
      await rm(folder, { recursive: true })
    }
    const row = (name: string, seconds: readonly number[], most?: number) => [
      name,
      median(seconds).toFixed(2),
      (median(seconds) / median(times.bare)).toFixed(0),
      most === undefined ? '' : `${most} s: ${median(seconds) <= most ? 'met' : 'missed'}`,
    ]
    const [cpu] = cpus()
    console.log(`Medians of ${rounds} starts; ${cpus().length} × ${cpu?.model}, load ${loadavg()[0]?.toFixed(1)}.\n`)
    console.log(
      markdownTable(
        ['', 'seconds', 'of a bare start', 'wanted'],
        [
          row('a Node process that does nothing', times.bare),
          row('the store, first start', times.first, wanted.first),
          row('the store, again', times.again, wanted.again),
        ],
      ),
    )
  },
})

/** Resolves to the seconds that a Node process takes which does nothing. */
async function measureBare(): Promise<number> {
  const began = performance.now()
  await promisify(execFile)(process.execPath, ['--eval', ''])
  return secondsSince(began)
}

/** Resolves to the seconds until the store answers its homepage, with its data and its compiled modules in a folder. */
async function measureStore(folder: string): Promise<number> {
  const began = performance.now()
  const env = { ...freePorts, DATA_DIR: join(folder, 'data'), NODE_COMPILE_CACHE: join(folder, 'compiled') }
  const store = runProcess(new URL('../src/main.ts', import.meta.url), env, [], { execArgv: [] })
  const { status } = await fetch(await addressOf(store))
  const seconds = secondsSince(began)
  store.child.kill()
  await store.ended
  if (status !== 200) throw new Error(`the homepage answered ${status}`)
  return seconds
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1_000
}

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { openDatabase } from '../src/database/database.ts'
import { listJobs, openOutbox } from '../src/outbox/outbox.fixture.ts'
import { createServerDatabase, findPostgres, runProcess, silentLog } from '../testing/index.ts'

const program = new URL('../src/outbox/outbox-process.fixture.ts', import.meta.url)
const longestMs = 20 * 60_000

describe('an outbox whose process is killed between commit and effect, at random moments', () => {
  ;(findPostgres() ? it : it.skip)(
    'loses no job of 50 kills on a database server, beside another process, and does none that was not committed',
    async () => {
      await using opened = new AsyncDisposableStack()
      const EFFECTS = join(await openFolder(opened), 'effects')
      const { url: DATABASE_URL } = opened.use(await createServerDatabase())
      const other = runProcess(program, { DATABASE_URL, EFFECTS })
      opened.defer(async () => {
        other.child.kill('SIGKILL')
        await other.ended
      })

      await expectNothingLost(50, { DATABASE_URL }, EFFECTS)
    },
    longestMs,
  )

  // Each opens the database anew, which takes seconds.
  it(
    'loses no job of 20 kills on the embedded database, and does none that was not committed',
    async () => {
      await using opened = new AsyncDisposableStack()
      const folder = await openFolder(opened)

      await expectNothingLost(20, { DATA_DIR: join(folder, 'data') }, join(folder, 'effects'))
    },
    longestMs,
  )
})

/** Kills the process again and again, lets the last one do what is left, and compares what was committed with what was done. */
async function expectNothingLost(kills: number, where: Record<string, string>, EFFECTS: string): Promise<void> {
  for (let kill = 0; kill < kills; kill++) {
    const { child, prints, ended } = runProcess(program, { ...where, EFFECTS, PREFIX: `round-${kill}` })
    await prints(/ready/)
    await delay(Math.random() * 100)
    child.kill('SIGKILL')
    await ended
  }
  const { code } = await runProcess(program, { ...where, EFFECTS, DRAINS: 'true' }).ended
  expect(code).toBe(0)

  await using database = await openDatabase(where, silentLog)
  const jobs = await listJobs(await openOutbox(database))
  const effects = (await readFile(EFFECTS, 'utf8')).trim().split('\n')
  console.log(`${jobs.length} jobs were committed, ${effects.length - jobs.length} effects repeated`)
  expect(jobs.length).toBeGreaterThan(0)
  expect([...new Set(effects)].toSorted()).toEqual(jobs.map(({ key }) => key).toSorted())
}

async function openFolder(opened: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'books-outbox-'))
  opened.defer(() => rm(folder, { recursive: true }))
  return folder
}

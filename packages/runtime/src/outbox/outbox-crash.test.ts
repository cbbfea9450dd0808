import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createServerDatabase, findPostgres, runProcess, silentLog } from '../../testing/index.ts'
import { openDatabase } from '../database/database.ts'
import { enqueue } from './index.ts'
import { listJobs, openOutbox, until } from './outbox.fixture.ts'

const program = new URL('./outbox-process.fixture.ts', import.meta.url)

describe.each([['embedded'], ...(findPostgres() ? [['server']] : [])])('a process that dies, %s', (engine) => {
  let opened: AsyncDisposableStack
  let folder: string
  let where: { DATABASE_URL: string } | { DATA_DIR: string }
  beforeEach(async () => {
    opened = new AsyncDisposableStack()
    folder = await mkdtemp(join(tmpdir(), 'books-outbox-'))
    opened.defer(() => rm(folder, { recursive: true }))
    where =
      engine === 'server'
        ? { DATABASE_URL: opened.use(await createServerDatabase()).url }
        : { DATA_DIR: join(folder, 'data') }
  })
  afterEach(() => opened.disposeAsync())

  it('loses no job that it held: the next process does it once its lease has ended', async () => {
    const EFFECTS = join(folder, 'effects')
    const setUp = await openDatabase(where, silentLog)
    await enqueue(await openOutbox(setUp), { kind: 'mail', key: 'receipt/1', payload: null })
    await setUp.close()

    const first = runProcess(program, { ...where, EFFECTS, HANGS: 'true' })
    await first.prints(/holds receipt\/1/)
    first.child.kill('SIGKILL')
    await first.ended
    const second = runProcess(program, { ...where, EFFECTS })
    await until(async () => (await readFile(EFFECTS, 'utf8').catch(() => '')) !== '')
    second.child.kill('SIGKILL')
    await second.ended

    expect(await readFile(EFFECTS, 'utf8')).toBe('receipt/1\n')
    await using database = await openDatabase(where, silentLog)
    expect(await listJobs(await openOutbox(database))).toMatchObject([{ attempts: 2 }])
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@books/runtime'
import { createParkedJobs, enqueue, PermanentError, startOutbox } from '@books/runtime/outbox'
import { runProcess, silentLog } from '@books/runtime/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openTables } from '../open-tables.ts'
import { shop } from './run-outbox-command.fixture.ts'

const program = new URL('./run-outbox-command.fixture.ts', import.meta.url)

let folder: string
let DATA_DIR: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'books-outbox-command-'))
  DATA_DIR = join(folder, 'data')
})
afterAll(() => rm(folder, { recursive: true }))

describe('the command outbox of a service', () => {
  it('lists parked jobs without their payloads, makes them due again and drops them', async () => {
    await parkThreeJobs()

    const listed = await run('list')
    const retried = await run('retry', '2')
    const dropped = await run('drop', '--all')
    const empty = await run('list')

    expect(listed.stdout).toMatch(
      /^3 {2}mail {2}receipt\/3 {2}parked \d{4}-.*Z after 1 try: 550 No such user\n2 {2}mail .*\n1 {2}mail .*\n$/,
    )
    expect(retried).toEqual({ code: 0, stdout: 'due again: receipt/2\n', stderr: '' })
    expect(dropped.stdout.trim().split('\n').toSorted()).toEqual(['dropped: receipt/1', 'dropped: receipt/3'])
    expect(empty.stdout).toBe('no job is parked\n')
    expect(JSON.stringify([listed, retried, dropped])).not.toContain('ines@example.com')
    expect(await readJobs()).toEqual([
      { key: 'receipt/1', payload: null, isDue: false },
      { key: 'receipt/2', payload: { to: 'ines@example.com' }, isDue: true },
      { key: 'receipt/3', payload: null, isDue: false },
    ])
  })

  it.each([
    ['nothing to do', [], 'run outbox retry <id>...'],
    ['neither ids nor --all', ['drop'], 'outbox drop takes ids of `outbox list`, or --all'],
    ['both ids and --all', ['retry', '1', '--all'], 'outbox retry takes ids of `outbox list`, or --all'],
    ['what is no id', ['retry', 'receipt/1'], 'receipt/1 is no id of a job'],
    ['the id of no parked job', ['retry', '404'], 'no parked job has the id 404'],
    ['an unknown option', ['list', '--payloads'], "Unknown option '--payloads'"],
  ])('refuses %s', async (_what, args, problem) => {
    const { code, stdout, stderr } = await run(...args)

    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(problem)
    expect(stderr).not.toContain('    at ')
  })

  it('names the data folder where no setting does', async () => {
    const { stdout, stderr } = await runProcess(program, {}, ['list'], { cwd: folder }).ended

    expect([stdout, stderr]).toEqual(['no job is parked\n', `data folder: ${join(folder, '.data')}\n`])
  })

  it('prints its help', async () => {
    const { code, stdout } = await run('--help')

    expect(code).toBe(0)
    expect(stdout).toContain('Shows jobs of shop that are not tried any more')
  })
})

function run(...args: string[]) {
  return runProcess(program, { DATA_DIR }, args).ended
}

async function parkThreeJobs(): Promise<void> {
  await using database = await openDatabase({ DATA_DIR }, silentLog)
  const tables = await openTables(shop, database)
  for (const number of [1, 2, 3]) {
    await enqueue(tables, { kind: 'mail', key: `receipt/${number}`, payload: { to: 'ines@example.com' } })
    const handlers = { mail: () => Promise.reject(new PermanentError('550 No such user')) }
    const outbox = startOutbox(tables, { schema: 'shop', log: silentLog, handlers, pollMs: 5 })
    while ((await createParkedJobs(tables).list()).length < number) await new Promise(setImmediate)
    await outbox.stop()
  }
}

async function readJobs() {
  await using database = await openDatabase({ DATA_DIR }, silentLog)
  const tables = await openTables(shop, database)
  const jobs = await tables.selectFrom('outbox').select(['key', 'payload', 'next_try_time']).orderBy('id').execute()
  return jobs.map(({ key, payload, next_try_time }) => ({ key, payload, isDue: next_try_time !== null }))
}

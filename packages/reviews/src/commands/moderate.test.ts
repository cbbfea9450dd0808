import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeCertificates } from '@books/rpc/certificates'
import { openMemoryDatabase, runProcess, silentLog } from '@books/runtime/testing'
import { readServiceSettings, startService } from '@books/service'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openWorld, type ReviewsUnderTest, type World, write } from '../reviews.fixture.ts'
import { reviews } from '../service.ts'

let world: World
let running: ReviewsUnderTest
beforeAll(async () => {
  world = await openWorld()
  running = await world.start()
})
afterAll(async () => {
  await running?.[Symbol.asyncDispose]()
  await world?.[Symbol.asyncDispose]()
})

describe('the command moderate', () => {
  it('lists what was reported, and decides on it', async () => {
    const text = 'Buy cheap watches.\nReally cheap watches.'
    const { id } = await write(running, { readerId: 7, bookId: 3, stars: 5, title: 'Watches', text })
    await running.client.reportReview({ readerId: 8, reviewId: id, reason: 1, comment: 'It is\nspam.' })

    const listed = await run('list')
    const hidden = await run('hide', id, '--reason', 'It advertises.')
    const restored = await run('restore', id, '--reason', 'It was a joke.')
    const deleted = await run('delete', id, '--reason', 'It advertises.')
    const empty = await run('list')

    expect(listed.stdout).toMatch(`${id}  book 3  5 of 5 stars  reader 7  shown
  | Watches
  | Buy cheap watches.
  | Really cheap watches.
  20`)
    expect(listed.stdout).toContain('Z  spam: It is spam.\n')
    expect([hidden, restored, deleted].map(({ stdout }) => stdout)).toEqual([
      `${id}: hidden\n`,
      `${id}: shown\n`,
      `${id}: deleted\n`,
    ])
    expect(empty).toMatchObject({ stdout: 'no review waits for a decision\n', stderr: '', code: 0 })
    expect((await world.mailer.waitFor('reader7@example.org')).text).toContain('It advertises.')
  })

  it.each([
    [['hide', '0000', '--reason', 'It advertises.'], 'There is no such review'],
    [['hide', '0000', '--reason', ' '], 'reason must not be empty'],
    [['hide', '0000'], 'run moderate hide <id>'],
    [['show', '0000', '--reason', 'Why not'], 'run moderate hide <id>'],
    [[], 'run moderate hide <id>'],
  ])('%j fails with one line, or the help', async (args, problem) => {
    const { code, stderr } = await run(...args)

    expect(code).toBe(1)
    expect(stderr).toContain(problem)
    expect(stderr).not.toContain('    at ')
  })

  it('has a help', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('run moderate list') })
  })

  it('is refused without the certificate of staff', async () => {
    await using opened = new AsyncDisposableStack()
    const certs = await mkdtemp(join(tmpdir(), 'books-staff-'))
    opened.defer(() => rm(certs, { recursive: true }))
    await writeCertificates(certs, ['reviews', 'staff', 'marketplace'], new Date())
    const tlsOf = (name: string) => ({
      TLS_CA: `${certs}/ca.crt`,
      TLS_CERT: `${certs}/${name}.crt`,
      TLS_KEY: `${certs}/${name}.key`,
    })
    const database = opened.use(await openMemoryDatabase())
    const settings = readServiceSettings(reviews, { HOST: '127.0.0.1', PORT: '0', ...tlsOf('reviews') })
    const served = opened.use(await startService(reviews, { settings, log: silentLog, database }))
    const listAs = (name: string) => runOn(served.port, tlsOf(name), 'list')

    expect((await listAs('staff')).stdout).toContain('no review waits for a decision')
    expect((await listAs('marketplace')).stderr).toContain('does not take such calls from this caller')
  })
})

function run(...args: string[]) {
  return runOn(running.port, {}, ...args)
}

function runOn(port: number, env: Record<string, string>, ...args: string[]) {
  const program = new URL('./moderate.ts', import.meta.url)
  return runProcess(program, { REVIEWS_PORT: String(port), ...env }, args).ended
}

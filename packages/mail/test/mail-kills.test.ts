import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openDatabase } from '@books/runtime'
import type { OutboxTables } from '@books/runtime/outbox'
import { createServerDatabase, findPostgres, runProcess, silentLog } from '@books/runtime/testing'
import { describe, expect, it } from '@jest/globals'
import { type Received, startSmtpServer } from '../src/smtp-server.fixture.ts'

const program = new URL('./mail-process.fixture.ts', import.meta.url)
const longestMs = 20 * 60_000

describe('a process that is killed between commit and mail, at random moments', () => {
  ;(findPostgres() ? it : it.skip)(
    'loses no mail of 60 kills on a database server, and repeats carry the same Message-ID',
    async () => {
      await using opened = new AsyncDisposableStack()
      const { url: DATABASE_URL } = opened.use(await createServerDatabase())

      await expectNothingLost(60, { DATABASE_URL })
    },
    longestMs,
  )

  // Each opens the database anew, which takes seconds.
  it(
    'loses no mail of 10 kills on the embedded database',
    async () => {
      await using opened = new AsyncDisposableStack()
      const folder = await mkdtemp(join(tmpdir(), 'books-mail-'))
      opened.defer(() => rm(folder, { recursive: true }))

      await expectNothingLost(10, { DATA_DIR: folder })
    },
    longestMs,
  )
})

/** Kills the process again and again, lets the last one send what is left, and compares what was committed with what was received. */
async function expectNothingLost(kills: number, where: Record<string, string>): Promise<void> {
  // Kills come between a mail and its answer, too: the mail is sent again then.
  await using server = await startSmtpServer({}, { answerAfterMs: 20 })
  const env = { ...where, SMTP_URL: server.url, MAIL_FROM: 'shop@books.example' }
  for (let kill = 0; kill < kills; kill++) {
    const { child, prints, ended } = runProcess(program, { ...env, PREFIX: `round-${kill}` })
    await (kill % 2 === 0 ? server.nextMail() : prints(/ready/))
    await delay(Math.random() * 100)
    child.kill('SIGKILL')
    await ended
  }
  expect(await runProcess(program, env).ended).toMatchObject({ code: 0, stderr: '' })

  await using database = await openDatabase(where, silentLog)
  const tables = await database.open<OutboxTables>('shop', new URL('../src/migrations.fixture/', import.meta.url))
  const committed = await tables.selectFrom('outbox').select('key').orderBy('id').execute()
  const idsByKey = Map.groupBy(server.received, keyOf)
  const repeats = server.received.length - idsByKey.size
  console.log(`${committed.length} mails were committed; ${repeats} were received again`)
  expect(repeats).toBeGreaterThan(0)
  expect([...idsByKey.keys()].toSorted()).toEqual(committed.map(({ key }) => key).toSorted())
  // One for each mail, however often it came.
  expect(new Set(server.received.map(messageIdOf)).size).toBe(committed.length)
}

function keyOf({ recipients: [recipient = ''] }: Received): string {
  return recipient.split('@')[0] ?? ''
}

function messageIdOf({ message }: Received): string | undefined {
  return /^Message-ID: (.*)$/m.exec(message)?.[1]
}

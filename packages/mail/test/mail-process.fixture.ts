import { createLog, databaseSettings, openDatabase, readSettings } from '@books/runtime'
import { type OutboxTables, startOutbox } from '@books/runtime/outbox'
import { Type } from 'typebox'
import { createMailer, enqueueMail, mailHandlers, mailSettings } from '../src/index.ts'
import { receipt } from '../src/mail-content.fixture.ts'

const schema = Type.Object({
  ...mailSettings,
  ...databaseSettings,
  /** What the keys of its mails begin with; without it, it ends once every mail was sent. */
  PREFIX: Type.Optional(Type.String()),
})

/** A process for the test: commits mails without end, and sends them and those that it finds. */
const { PREFIX, ...settings } = readSettings(schema, process.env)
const log = createLog('test', { LOG_LEVEL: 'fatal', LOG_FORMAT: 'json' })
const database = await openDatabase(settings, log)
const tables = await database.open<OutboxTables>('shop', new URL('../src/migrations.fixture/', import.meta.url))
const mailer = createMailer(settings, log)

// Its test ended without ending it.
process.stdin.on('end', () => process.exit(1)).resume()

const options = { schema: 'shop', handlers: mailHandlers(mailer), log, leaseMs: 500, pollMs: 10 }
const outbox = startOutbox(tables, options)
console.log('ready')
for (let index = 0; PREFIX; index++) {
  const key = `${PREFIX}-${index}`
  await tables
    .transaction()
    .execute((transaction) => enqueueMail(transaction, { key, to: `${key}@books.example`, content: receipt }))
  outbox.wake()
  await new Promise((resolve) => setTimeout(resolve, 2))
}

const isOpen = () => tables.selectFrom('outbox').select('id').where('done_time', 'is', null).limit(1).executeTakeFirst()
while (await isOpen()) await new Promise((resolve) => setTimeout(resolve, 5))
await outbox.stop()
await database.close()
process.exit(0)

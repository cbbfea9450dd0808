import { appendFileSync } from 'node:fs'
import { Type } from 'typebox'
import { databaseSettings, openDatabase } from '../database/database.ts'
import { createLog } from '../log.ts'
import { readSettings } from '../settings.ts'
import { enqueue, startOutbox } from './index.ts'
import { listJobs, openOutbox, until } from './outbox.fixture.ts'

const schema = Type.Object({
  ...databaseSettings,
  /** The file that the effect of each job is written to: its key, in a line. */
  EFFECTS: Type.String(),
  /** What the keys of its jobs begin with; without it, it enqueues none. */
  PREFIX: Type.Optional(Type.String()),
  /** Whether it ends once every job is done. */
  DRAINS: Type.Boolean({ default: false }),
  /** Whether its handler never ends. */
  HANGS: Type.Boolean({ default: false }),
})

/** A process for the test: enqueues jobs without end, and does them and those that it finds. */
const { EFFECTS, PREFIX, DRAINS, HANGS, ...settings } = readSettings(schema, process.env)
const log = createLog('test', { LOG_LEVEL: 'fatal', LOG_FORMAT: 'json' })
const database = await openDatabase(settings, log)
const tables = await openOutbox(database)

async function handler({ key }: { key: string }) {
  if (HANGS) {
    console.log(`holds ${key}`)
    await new Promise(() => {})
  }
  // As a call to another machine would, it takes a moment before and after.
  await new Promise(setImmediate)
  appendFileSync(EFFECTS, `${key}\n`)
  await new Promise(setImmediate)
}

// Its test ended without ending it.
process.stdin.on('end', () => process.exit(1)).resume()

const outbox = startOutbox(tables, { schema: 'shop', handlers: { mail: handler }, log, leaseMs: 500, pollMs: 10 })
console.log('ready')
for (let index = 0; PREFIX; index++) {
  await tables
    .transaction()
    .execute((transaction) => enqueue(transaction, { kind: 'mail', key: `${PREFIX}/${index}`, payload: null }))
  outbox.wake()
  await new Promise((resolve) => setTimeout(resolve, 2))
}
if (DRAINS) {
  await until(async () => (await listJobs(tables)).every(({ done_time }) => done_time))
  await outbox.stop()
  await database.close()
  process.exit(0)
}

import { type Kysely, sql } from 'kysely'
import { createLog } from '../log.ts'
import { openDatabase } from './database.ts'

interface Tables {
  notes: { id: number; text: string }
}

// Makes statements fail in several ways, with a secret in each of them, and logs the errors.
const secret = 'hunter2'
const log = createLog('test', { LOG_LEVEL: 'info', LOG_FORMAT: 'json' })
const { DATABASE_URL } = process.env
await using database = await openDatabase({ DATA_DIR: 'memory://', ...(DATABASE_URL && { DATABASE_URL }) }, log)
const notes = await database.open<Tables>('ours', new URL('./database.fixture/', import.meta.url))
await sql`alter table ours.notes add unique (text) deferrable initially deferred`.execute(notes)

const failing: Record<string, () => Promise<unknown>> = {
  'an integer': () => sql`select ${secret}::text::integer`.execute(notes),
  'an integer with quotes': () => sql`select ${`"${secret}" and "more"`}::text::integer`.execute(notes),
  'a time': () => sql`select ${secret}::text::timestamptz`.execute(notes),
  JSON: () => sql`select ${secret}::json`.execute(notes),
  'a character': () => sql`select ${`${secret}\0`}::text`.execute(notes),
  'a key': () => Promise.all([write(notes, 1), write(notes, 1)]),
  'a row': () => sql`insert into ours.notes (id, text) values (null, ${secret})`.execute(notes),
  'a commit': () => notes.transaction().execute((transaction) => write(transaction, 2)),
  'nothing found': () =>
    notes.selectFrom('notes').where('text', '=', `${secret}!`).selectAll().executeTakeFirstOrThrow(),
}

await write(notes, 0)
for (const [what, fail] of Object.entries(failing)) {
  await fail().then(
    () => log.fatal(`${what} did not fail`),
    (err) => log.error({ err }, `failed: ${what}`),
  )
}

function write(tables: Kysely<Tables>, id: number) {
  return tables.insertInto('notes').values({ id, text: secret }).execute()
}

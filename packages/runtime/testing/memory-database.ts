import type { PGlite } from '@electric-sql/pglite'
import { type Database, type DatabaseOptions, databaseOn } from '../src/database/database.ts'
import { createInMemory, engineOf } from '../src/database/embedded.ts'
import { silentLog } from './silent-log.ts'

// Starting one costs a second of CPU, emptying one a few milliseconds.
const idle: PGlite[] = []

const empty = `
  do $$ declare name text; begin
    for name in select nspname from pg_namespace where nspname !~ '^pg_|^information_schema$' loop
      execute format('drop schema %I cascade', name);
    end loop;
    create schema public;
  end $$`

/** An empty embedded database in memory. The next caller of the same worker gets it, emptied, once it is closed. */
export async function openMemoryDatabase(options?: DatabaseOptions): Promise<Database> {
  const pglite = idle.pop() ?? (await createInMemory())
  const borrowed = untilClosed(pglite, async () => {
    await pglite.exec(empty)
    await pglite.exec('discard all')
    idle.push(pglite)
  })
  return databaseOn(
    engineOf(borrowed, () => {}),
    false,
    silentLog,
    options,
  )
}

/** The same engine with another `close`, which runs once. */
function untilClosed(pglite: PGlite, onClose: () => Promise<void>): PGlite {
  const own = {
    closed: false,
    async close() {
      if (own.closed) return
      own.closed = true
      await onClose()
    },
  }
  return new Proxy(pglite, {
    get(target, key) {
      if (key in own) return Reflect.get(own, key)
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

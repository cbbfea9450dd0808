import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'

/** A reader who writes, locked until the transaction ends. */
export interface LockedReader {
  /** When a new account wrote its last reviews, in milliseconds since 1970. */
  recent_ms: number[]
  is_deleted: boolean
}

/** Those who wrote something. */
export interface ReaderStore {
  /** Locks a reader, so that what the reader writes at the same time is written one after the other. */
  lock(readerId: number): Promise<LockedReader>
  setRecent(readerId: number, recentMs: readonly number[]): Promise<void>
  /** Takes the readers out of all that they wrote, voted and reported; nothing of them can be written after it. */
  forget(readerIds: readonly number[]): Promise<void>
}

/** Keeps readers in the service's own tables. */
export function createReaderStore(tables: Kysely<Tables>): ReaderStore {
  return {
    async lock(readerId) {
      return tables
        .insertInto('readers')
        .values({ reader_id: readerId })
        .onConflict((conflict) =>
          conflict.column('reader_id').doUpdateSet(({ ref }) => ({ recent_ms: ref('readers.recent_ms') })),
        )
        .returning(['recent_ms', 'is_deleted'])
        .executeTakeFirstOrThrow()
    },

    async setRecent(readerId, recentMs) {
      await tables
        .updateTable('readers')
        .set({ recent_ms: sql<number[]>`${[...recentMs]}::double precision[]` })
        .where('reader_id', '=', readerId)
        .execute()
    },

    async forget(readerIds) {
      if (readerIds.length === 0) return
      const ids = sql`any(${[...readerIds]}::integer[])`
      await sql`
        insert into reviews.readers (reader_id, is_deleted) select distinct unnest(${[...readerIds]}::integer[]), true order by 1
        on conflict (reader_id) do update set is_deleted = true, recent_ms = '{}'`.execute(tables)
      await sql`update reviews.reviews set reader_id = null, name = '' where reader_id = ${ids}`.execute(tables)
      await sql`update reviews.votes set reader_id = null where reader_id = ${ids}`.execute(tables)
      await sql`update reviews.reports set reader_id = null, comment = '' where reader_id = ${ids}`.execute(tables)
      await sql`delete from reviews.reader_ratings where reader_id = ${ids}`.execute(tables)
    },
  }
}

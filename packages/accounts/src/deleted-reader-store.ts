import { takeNumber } from '@books/runtime'
import { type Revisions, revisionsOf } from '@books/service/watch'
import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** A reader whose account was deleted. */
export interface DeletedReader {
  revision: number
  reader_id: number
}

/** The readers whose accounts were deleted: nothing but their ids. */
export interface DeletedReaderStore extends Required<Revisions> {
  /** Takes part in the transaction that deletes the account. */
  add(readerId: number): Promise<void>
  listChanged(afterRevision: number, limit: number): Promise<DeletedReader[]>
}

const sequence = 'accounts.deleted_reader_revisions'

/** Stores which readers were deleted in the service's own tables. */
export function createDeletedReaderStore(tables: Kysely<Tables>): DeletedReaderStore {
  return {
    ...revisionsOf(tables, sequence),

    async add(readerId) {
      const revision = await takeNumber(tables, sequence)
      await tables.insertInto('deleted_readers').values({ revision, reader_id: readerId }).execute()
    },

    listChanged: (afterRevision, limit) =>
      tables
        .selectFrom('deleted_readers')
        .selectAll()
        .where('revision', '>', afterRevision)
        .orderBy('revision')
        .limit(limit)
        .execute(),
  }
}

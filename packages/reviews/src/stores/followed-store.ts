import { findFollowedRevision, resetFollowedRevision } from '@books/service/watch'
import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'

/** Another process has stored a later revision, or this one is stored: further, or everything for the first time. */
export type Advance = 'behind' | 'further' | 'complete'

/** How far another service was followed. */
export interface FollowedStore {
  findRevision(): Promise<number>
  /**
   * Stores that everything up to a revision is known. Locks the row until the transaction ends: other processes that follow the same
   * wait.
   */
  advance(revision: number, isComplete: boolean): Promise<Advance>
  /** Sets the revision to 0 where it is higher than that of the other service. */
  reset(highest: number): Promise<void>
}

/** Keeps that of one service. */
export function createFollowedStore(tables: Kysely<Tables>, source: Tables['followed']['source']): FollowedStore {
  return {
    findRevision: () => findFollowedRevision(tables, source),

    async advance(revision, isComplete) {
      const before = await tables
        .selectFrom('followed')
        .select(['revision', 'is_complete'])
        .where('source', '=', source)
        .forUpdate()
        .executeTakeFirstOrThrow()
      if (Number(before.revision) > revision) return 'behind'
      await tables
        .updateTable('followed')
        .set({ revision, is_complete: before.is_complete || isComplete })
        .where('source', '=', source)
        .execute()
      return isComplete && !before.is_complete ? 'complete' : 'further'
    },

    async reset(highest) {
      await resetFollowedRevision(tables, source, highest)
    },
  }
}

import { findFollowedRevision, resetFollowedRevision } from '@books/service/watch'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import type { Interaction } from './interaction.ts'
import { createInteractionStore } from './interaction-store.ts'

/** What another service tells of readers, and up to which of its revisions that is recorded. */
export interface FollowedInteractions {
  /** 0 before the first. */
  findRevision(): Promise<number>
  /** Records interactions and the revision, all or none, and resolves to the interactions that are new. */
  record(interactions: readonly Interaction[], revision: number): Promise<Interaction[]>
  /** Sets the revision to 0 where it is higher than that of the other service. */
  resetRevision(highest: number): Promise<void>
}

/** Stores that of one service in this service's own tables. */
export function createFollowedInteractions(
  tables: Kysely<Tables>,
  source: 'transactions' | 'reviews',
): FollowedInteractions {
  return {
    findRevision: () => findFollowedRevision(tables, source),

    record: (interactions, revision) =>
      tables.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('followed')
          .set({ revision: sql<number>`greatest(revision, ${revision}::bigint)` })
          .where('source', '=', source)
          .execute()
        return interactions.length > 0 ? createInteractionStore(transaction).record(interactions) : []
      }),

    async resetRevision(highest) {
      await resetFollowedRevision(tables, source, highest)
    },
  }
}

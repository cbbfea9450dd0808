import { findFollowedRevision } from '@books/service/watch'
import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.ts'

/** Makes all snapshots that are stored useless: something was removed or renumbered. */
export async function beginEra(tables: Kysely<Tables>): Promise<void> {
  await tables
    .updateTable('followed')
    .set({ revision: sql<number>`revision + 1` })
    .where('source', '=', 'era')
    .execute()
}

/** How often `beginEra` was called. */
export function findEra(tables: Kysely<Tables>): Promise<number> {
  return findFollowedRevision(tables, 'era')
}

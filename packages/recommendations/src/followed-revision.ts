import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

type Source = Tables['followed']['source']

/** The revision of another service up to which it was followed; 0 before the first. */
export async function findFollowedRevision(tables: Kysely<Tables>, source: Source): Promise<number> {
  const { revision } = await tables
    .selectFrom('followed')
    .select('revision')
    .where('source', '=', source)
    .executeTakeFirstOrThrow()
  return Number(revision)
}

/** Sets it to 0 where it is higher than the service's own. Resolves to whether it was. */
export async function resetFollowedRevision(tables: Kysely<Tables>, source: Source, highest: number): Promise<boolean> {
  const { numUpdatedRows } = await tables
    .updateTable('followed')
    .set({ revision: 0 })
    .where('source', '=', source)
    .where('revision', '>', highest)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

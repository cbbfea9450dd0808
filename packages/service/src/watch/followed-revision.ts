import type { ColumnType, Kysely } from 'kysely'

/** The table `followed`, with a row for each service that is followed. */
interface FollowedTables {
  followed: {
    source: string
    /** As text from a server, as a number from the embedded database. */
    revision: ColumnType<string | number, number, number>
  }
}

type SourceIn<Tables extends WithSources> = Tables['followed']['source']
interface WithSources {
  followed: { source: string }
}

/** The revision up to which a service was followed, by what is stored; 0 before the first. */
export async function findFollowedRevision<Tables extends WithSources>(
  tables: Kysely<Tables>,
  source: SourceIn<Tables>,
): Promise<number> {
  const { revision } = await (tables as unknown as Kysely<FollowedTables>)
    .selectFrom('followed')
    .select('revision')
    .where('source', '=', source)
    .executeTakeFirstOrThrow()
  return Number(revision)
}

/** Sets it to 0 where it is higher than that of the service itself, which has lost its data. Resolves to whether it was. */
export async function resetFollowedRevision<Tables extends WithSources>(
  tables: Kysely<Tables>,
  source: SourceIn<Tables>,
  highest: number,
): Promise<boolean> {
  const { numUpdatedRows } = await (tables as unknown as Kysely<FollowedTables>)
    .updateTable('followed')
    .set({ revision: 0 })
    .where('source', '=', source)
    .where('revision', '>', highest)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

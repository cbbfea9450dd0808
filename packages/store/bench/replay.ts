import { CompiledQuery, type Kysely } from 'kysely'
import type { Unit } from './statement-groups.ts'

/** Sends groups of units, as many side by side as there were orders at a time. Resolves to the seconds that it took. */
export async function replay(
  tables: Kysely<unknown>,
  groups: readonly (readonly Unit[])[],
  atATime: number,
): Promise<{ seconds: number; failed: number }> {
  const left = groups.values()
  let failed = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: atATime }, async () => {
      for (const group of left) {
        for (const unit of group) await send(tables, unit).catch(() => void failed++)
      }
    }),
  )
  return { seconds: (performance.now() - began) / 1_000, failed }
}

async function send(tables: Kysely<unknown>, { isTransaction, statements }: Unit): Promise<void> {
  const run = async (on: Kysely<unknown>) => {
    for (const { sql, parameters } of statements) await on.executeQuery(CompiledQuery.raw(sql, [...parameters]))
  }
  await (isTransaction ? tables.transaction().execute(run) : run(tables))
}

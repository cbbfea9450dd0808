import type { AccountsServiceService } from '@books/proto'
import type { Client } from '@books/rpc'
import type { Log } from '@books/runtime'
import { followRevisions } from '@books/service/watch'
import { type Kysely, sql } from 'kysely'
import { createChangeStore } from '../orders/change-store.ts'
import type { Tables } from '../tables.ts'

/** What forgetting readers takes. */
export interface ForgetReadersDeps {
  tables: Kysely<Tables>
  accounts: Pick<Client<typeof AccountsServiceService>, 'watchDeletedReaders'>
  now: () => Date
  log: Log
}

const name = 'accounts'
const eraseEveryMs = 10 * 60_000

/**
 * Follows which accounts were deleted, and erases the names and addresses in their readers' orders, once nothing is left to send or to
 * give back.
 */
export async function startForgettingReaders({ tables, accounts, now, log }: ForgetReadersDeps) {
  const row = await tables.selectFrom('followed').select('revision').where('name', '=', name).executeTakeFirst()
  const { eraseDeleted } = createChangeStore(tables)

  const following = followRevisions({
    name,
    watch: (request, options) => accounts.watchDeletedReaders(request, options),
    revision: Number(row?.revision ?? 0),
    async take(messages, revision) {
      const readerIds = messages.flatMap((message) => message.readerIds)
      await tables.transaction().execute(async (transaction) => {
        await sql`
          insert into transactions.deleted_readers select unnest(${readerIds}::integer[]) on conflict do nothing
        `.execute(transaction)
        await setRevision(transaction, revision)
      })
      if (readerIds.length > 0) await eraseDeleted(now())
    },
    startOver: () => setRevision(tables, 0, { isReset: true }),
    log,
  })

  const timer = setInterval(() => {
    eraseDeleted(now()).catch((err: unknown) =>
      log.error({ err }, 'orders of deleted readers could not be erased; trying again'),
    )
  }, eraseEveryMs).unref()
  return {
    async stop() {
      clearInterval(timer)
      await following.stop()
    },
  }
}

async function setRevision(tables: Kysely<Tables>, revision: number, { isReset = false } = {}): Promise<void> {
  await tables
    .insertInto('followed')
    .values({ name, revision })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet({
        revision: isReset ? revision : sql<number>`greatest(followed.revision, excluded.revision)`,
      }),
    )
    .execute()
}

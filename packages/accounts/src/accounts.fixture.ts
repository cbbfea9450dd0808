import { mailHandlers } from '@books/mail'
import { createTestMailer, type TestMailer } from '@books/mail/testing'
import { AccountsServiceService } from '@books/proto'
import { type Client, service } from '@books/rpc'
import { serve } from '@books/rpc/testing'
import type { Database } from '@books/runtime'
import { startOutbox } from '@books/runtime/outbox'
import { findPostgres, openMemoryDatabase, openServerDatabase, silentLog } from '@books/runtime/testing'
import { openTables } from '@books/service'
import { followChanges } from '@books/service/watch'
import type { Kysely } from 'kysely'
import { createAccounts } from './accounts.ts'
import { createAttemptStore } from './attempts/attempt-store.ts'
import { createLinkJobs } from './mails/link-jobs.ts'
import type { HashCost } from './passwords/password-hash.ts'
import { createPasswordHasher } from './passwords/password-hasher.ts'
import { accounts } from './service.ts'
import { createStores } from './stores.ts'
import type { Tables } from './tables.ts'

/** How to open a database of each kind of this machine. */
export const engines: [name: string, open: () => Promise<Database>][] = [['embedded', openMemoryDatabase]]
if (findPostgres()) engines.push(['server', openServerDatabase])

export const password = 'correct horse battery staple'
const hour = 60 * 60_000

/** The service under test, its mails, and its clock. */
export interface AccountsUnderTest extends AsyncDisposable {
  client: Client<typeof AccountsServiceService>
  tables: Kysely<Tables>
  mailer: TestMailer
  /** The token of the link in the next mail to this address. */
  tokenTo(address: string): Promise<string>
  /** Makes an account. */
  signUp(email: string, name?: string): Promise<{ sessionToken: string; readerId: number }>
  /** Lets time pass for sessions, links and attempts. */
  pass(ms: number): void
}

/** Serves accounts on a new stores. Passwords are hashed with little work unless a cost is given. */
export async function serveAccounts(
  openDatabase: () => Promise<Database> = openMemoryDatabase,
  cost: HashCost = { memory: 64, passes: 1, parallelism: 1 },
): Promise<AccountsUnderTest> {
  await using opened = new AsyncDisposableStack()
  const memory = opened.use(await openDatabase())
  const tables = await openTables(accounts, memory)
  const stores = createStores(tables, { idleMs: 30 * 24 * hour, longestMs: 180 * 24 * hour })
  const mailer = createTestMailer()
  // It stands still, so that a slow machine gives no attempt more time.
  let nowMs = Date.now()
  const now = () => new Date(nowMs)
  const handlers = {
    ...createLinkJobs({ stores, mailer, publicUrl: 'https://books.example', now }),
    ...mailHandlers(mailer),
  }
  const outbox = startOutbox(tables, { schema: 'accounts', handlers, log: silentLog })
  opened.defer(outbox.stop)
  const deletions = followChanges(stores.deletedReaders.settledRevision, { log: silentLog, everyMs: 1 })
  opened.defer(async () => deletions.stop())
  const methods = createAccounts({
    ...{ stores, now, deletions, wakeOutbox: outbox.wake },
    attempts: createAttemptStore(tables),
    passwords: await createPasswordHasher(cost),
  })
  const server = opened.use(await serve([service(AccountsServiceService, methods)]))
  const client = server.client(AccountsServiceService)

  async function tokenTo(address: string): Promise<string> {
    const { content } = await mailer.waitFor(address)
    return new URL(content.action?.url ?? '').searchParams.get('token') ?? ''
  }

  const running = opened.move()
  return {
    ...{ client, tables, mailer, tokenTo },
    async signUp(email, name = 'Ada') {
      await client.requestSignUp({ email })
      const { sessionToken, account } = await client.signUp({ token: await tokenTo(email), name, password })
      return { sessionToken, readerId: account?.readerId ?? 0 }
    },
    pass(ms) {
      nowMs += ms
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

import { findCallSignal } from '@books/rpc'
import { startWorker } from '@books/rpc/bench'
import { createServerDatabase, openRecordedDatabase, type SentStatement } from '@books/runtime/testing'
import { transactions } from '@books/transactions'
import { openShop } from './open-shop.ts'
import { replay } from './replay.ts'
import { groupsOf, unitsOf } from './statement-groups.ts'

/** What is measured in a round. */
export interface Effort {
  engine: 'PGlite' | 'PostgreSQL'
  orders: number
  /** Orders before those that are measured. */
  warmUp: number
  /** Orders at a time. */
  atATime: number
}

/** What came of it. */
export interface Round {
  ordersPerSecond: number
  /** The same statements alone. */
  ceilingPerSecond: number
  statementsPerOrder: number
  /** Units of the replay that failed, of all. */
  failedShare: number
}

/** Measures orders on an empty database, and then their statements on another one. */
export async function runRound({ engine, orders, warmUp, atATime }: Effort): Promise<Round> {
  await using opened = new AsyncDisposableStack()
  const load = await startWorker(new URL('./load.ts', import.meta.url))
  opened.defer(load.stop)
  const { webhookUrl } = load.first as { webhookUrl: string }

  const sent: SentStatement[] = []
  const shop = opened.use(await openShop(await openDatabase((statement) => sent.push(statement)), webhookUrl))
  const opens = sent.length
  await load.ask({ kind: 'open', addresses: shop.addresses })
  await load.ask({ kind: 'order', orders: warmUp, atATime })
  const begins = sent.length
  const { seconds } = (await load.ask({ kind: 'order', orders, atATime })) as { seconds: number }
  const measured = sent.slice(begins)
  await shop[Symbol.asyncDispose]()

  const other = await openDatabase(() => {})
  // It makes the tables and their first rows.
  await (await openShop(other, webhookUrl))[Symbol.asyncDispose]()
  const tables = await other.open(transactions.name, transactions.migrations!)
  await replay(tables, groupsOf(unitsOf(sent.slice(opens, begins))), atATime)
  const units = unitsOf(measured)
  const ceiling = await replay(tables, groupsOf(units), atATime)
  return {
    ordersPerSecond: orders / seconds,
    ceilingPerSecond: orders / ceiling.seconds,
    statementsPerOrder: measured.length / orders,
    failedShare: ceiling.failed / units.length,
  }

  async function openDatabase(onStatement: (statement: SentStatement) => void) {
    const where =
      engine === 'PGlite' ? { DATA_DIR: 'memory://' } : { DATABASE_URL: opened.use(await createServerDatabase()).url }
    return opened.use(await openRecordedDatabase(where, onStatement, { callerSignal: findCallSignal }))
  }
}

import { findViolations } from './checker/find-violations.ts'
import type { Tables } from './checker/tables.ts'
import { poll } from './customers/shop.ts'
import { receiptsOf } from './processes/mail-receiver.ts'
import type { Stage } from './stage.ts'
import { readTables } from './tables/read-tables.ts'

const ordersWithinMs = 90_000
const restWithinMs = 30_000

/**
 * Waits until nothing is left to do, which is when no invariant is contradicted any more, and resolves to the tables. Gives up after a
 * time, and leaves it to the checker to say what is wrong.
 */
export async function untilAtRest(stage: Stage): Promise<Tables> {
  const { history, finals } = stage.shop
  const isFinal = () => history.placings.every(({ order }) => !order || finals.has(order.id)) || undefined
  await poll(async () => isFinal(), { withinMs: ordersWithinMs, longestMs: 1_000 })

  let tables: Tables
  const isAtRest = async () => {
    tables = await readTables(stage)
    const receipts = receiptsOf(stage.mail.mails)
    return findViolations({ history: { ...history, receipts }, tables }).length === 0 || undefined
  }
  await poll(isAtRest, { withinMs: restWithinMs, firstMs: 500, longestMs: 2_000 })
  return tables!
}

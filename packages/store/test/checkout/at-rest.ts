import { findViolations } from './checker/find-violations.ts'
import { poll } from './customers/shop.ts'
import { receiptsOf } from './processes/mail-receiver.ts'
import type { Stage } from './stage.ts'
import { readTables } from './tables/read-tables.ts'

const ordersWithinMs = 90_000
const restWithinMs = 30_000

/**
 * Waits until nothing is left to do, which is when no invariant is contradicted any more. Gives up after a time, and leaves it to the
 * checker to say what is wrong.
 */
export async function untilAtRest(stage: Stage): Promise<void> {
  const { history, finals } = stage.shop
  const isFinal = () => history.placings.every(({ order }) => !order || finals.has(order.id)) || undefined
  await poll(async () => isFinal(), { withinMs: ordersWithinMs, longestMs: 1_000 })

  const isAtRest = async () => {
    const receipts = receiptsOf(stage.mail.mails)
    const violations = findViolations({ history: { ...history, receipts }, tables: await readTables(stage) })
    return violations.length === 0 || undefined
  }
  await poll(isAtRest, { withinMs: restWithinMs, firstMs: 500, longestMs: 2_000 })
}

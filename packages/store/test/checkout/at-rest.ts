import { setTimeout as delay } from 'node:timers/promises'
import { findViolations } from './checker/find-violations.ts'
import { poll } from './customers/shop.ts'
import { receiptsOf } from './processes/mail-receiver.ts'
import type { Stage } from './stage.ts'
import { readTables } from './tables/read-tables.ts'

const ordersWithinMs = 90_000
const restWithinMs = 30_000
const embeddedRestMs = 25_000

/**
 * Waits until nothing is left to do, which is when no invariant is contradicted any more. Gives up after a time, and leaves it to the
 * checker to say what is wrong. The tables of an embedded database cannot be read beside its process, which gets a fixed time.
 */
export async function untilAtRest({ shop, mail, database }: Stage): Promise<void> {
  const { history, finals } = shop
  const isFinal = () => history.placings.every(({ order }) => !order || finals.has(order.id)) || undefined
  await poll(async () => isFinal(), { withinMs: ordersWithinMs, longestMs: 1_000 })
  if (database.name === 'PGlite') return delay(embeddedRestMs)

  const isAtRest = async () => {
    const receipts = receiptsOf(mail.mails)
    const violations = findViolations({ history: { ...history, receipts }, tables: await readTables(database) })
    return violations.length === 0 || undefined
  }
  await poll(isAtRest, { withinMs: restWithinMs, firstMs: 500, longestMs: 2_000 })
}

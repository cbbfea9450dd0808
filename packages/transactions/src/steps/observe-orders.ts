import { type BatchObservableCallback, createNoopMeter, metrics } from '@opentelemetry/api'
import { type Kysely, sql } from 'kysely'
import type { Order } from '../orders/order.ts'
import type { OrderState } from '../orders/order-state.ts'
import type { Tables } from '../tables.ts'

// A scrape does not wait for a database that does not answer.
const withinMs = 1_000

interface Unfinished {
  state: OrderState
  orders: number
  lateSeconds: number
}

/** Counts an order of which nothing is left to do: confirmed, or cancelled and undone. */
export function countFinished({ state, cancel_reason }: Pick<Order, 'state' | 'cancel_reason'>): void {
  metrics
    .getMeter('@books/transactions')
    .createCounter('books.orders.finished', { description: 'Orders of which nothing is left to do', unit: '{order}' })
    .add(1, { state, reason: cancel_reason ?? '' })
}

/**
 * Measures the orders that have a step left when metrics are collected: how many there are in each state, and for how long the oldest
 * should have been done, which is since its time to pay was over, or since it was paid or final. Returns a function that stops it.
 */
export function observeOrders(tables: Kysely<Tables>): () => void {
  const meter = metrics.getMeter('@books/transactions')
  if (meter === createNoopMeter()) return () => {}
  const count = meter.createObservableGauge('books.orders.unfinished', {
    description: 'Orders that have a step left',
    unit: '{order}',
  })
  const age = meter.createObservableGauge('books.orders.oldest_unfinished_age', {
    description: 'For how long the oldest order that has a step left should have been done',
    unit: 's',
  })
  const observe: BatchObservableCallback = async (result) => {
    const late = Promise.withResolvers<undefined>()
    const timer = setTimeout(() => late.resolve(undefined), withinMs)
    const rows = await Promise.race([readUnfinished(tables).catch(() => undefined), late.promise])
    clearTimeout(timer)
    if (!rows) return
    for (const { state, orders } of rows) result.observe(count, orders, { state })
    result.observe(age, Math.max(0, ...rows.map(({ lateSeconds }) => lateSeconds)))
  }
  meter.addBatchObservableCallback(observe, [count, age])
  return () => meter.removeBatchObservableCallback(observe, [count, age])
}

/** The orders that have a step left, by state. */
async function readUnfinished(tables: Kysely<Tables>): Promise<Unfinished[]> {
  const { rows } = await sql<Unfinished>`
    select state, count(*)::integer as orders, extract(epoch from now() - min(
      case when state in ('placed', 'reserved') then pay_until else coalesce(final_at, placed_at) end))::float as "lateSeconds"
    from transactions.orders where next_step_time is not null
    group by state`.execute(tables)
  return rows
}

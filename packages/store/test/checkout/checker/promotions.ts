import type { Invariant, Run } from './invariant.ts'
import type { OrderRow } from './tables.ts'

/** A customer has the promotion in one order that is neither cancelled nor given back as a whole. */
export const promotionOnce: Invariant = (run) => {
  const used = usedBy(run).filter(({ order }) => order.state !== 'cancelled' && !order.isPromotionReturned)
  return [...Map.groupBy(used, ({ customer }) => customer)]
    .filter(([, orders]) => orders.length > 1)
    .map(
      ([customer, orders]) => `${customer} used the promotion in ${orders.map(({ order }) => order.id).join(' and ')}`,
    )
}

/** The promotion is refused only while an order of the customer uses it: a cancelled order gives it back. */
export const promotionComesBack: Invariant = (run) => {
  const used = Map.groupBy(usedBy(run), ({ customer }) => customer)
  return run.history.placings
    .filter(({ failure }) => failure?.reason === 'PROMOTION_USED')
    .filter(
      ({ customer, beganAt, endedAt }) =>
        !used.get(customer)?.some(({ order }) => order.placedAt <= endedAt && usedUntil(order) >= beganAt),
    )
    .map(
      ({ customer, beganAt }) => `${customer} was refused the promotion at ${beganAt}, and no order of theirs used it`,
    )
}

/** Orders with the promotion, and whose they are: an order that was not answered belongs to whom the store takes for its customer. */
function usedBy({ history, tables }: Run): { customer: string; order: OrderRow }[] {
  const answered = new Map(
    history.placings.flatMap(({ customer, order, isOtherRequest }) =>
      order && !isOtherRequest ? [[order.id, customer]] : [],
    ),
  )
  const names = new Map(
    tables.orders.flatMap(({ id, customer }) => (answered.has(id) ? [[customer, answered.get(id) ?? '']] : [])),
  )
  return tables.orders
    .filter(({ promotion }) => promotion)
    .map((order) => ({ order, customer: answered.get(order.id) ?? names.get(order.customer) ?? order.customer }))
}

// When a refund gave it back is not recorded.
function usedUntil({ state, finalAt }: OrderRow): number {
  return state === 'cancelled' && finalAt !== undefined ? finalAt : Number.POSITIVE_INFINITY
}

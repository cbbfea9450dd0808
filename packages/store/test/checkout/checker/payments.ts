import type { Invariant, Run } from './invariant.ts'
import { isSettled } from './settled.ts'
import type { PaymentRow } from './tables.ts'

/** Money was taken at most once for an order, and only for orders that exist. */
export const atMostOneCapture: Invariant = ({ tables }) => {
  const known = new Set(tables.orders.map(({ id }) => id))
  return [...capturesByOrder(tables)].flatMap(([orderId, captures]) => {
    if (!known.has(orderId)) return [`money was taken for ${orderId}, which is no order`]
    return captures.length > 1 ? [`${captures.length} payments were captured for ${orderId}`] : []
  })
}

/** What was captured, less what was given back, is the total of a confirmed order less its refunds, and nothing for others. */
export const moneyAgrees: Invariant = ({ tables }) => {
  const captures = capturesByOrder(tables)
  return tables.orders.filter(isSettled).flatMap(({ id, state, totalCents, refundedCents }) => {
    const kept = (captures.get(id) ?? []).reduce((sum, payment) => sum + payment.amountCents - payment.refundedCents, 0)
    const expected = state === 'confirmed' ? totalCents - refundedCents : 0
    const problems = [
      ...(kept === expected ? [] : [`${id} is ${state}: ${kept} cents were kept, and not ${expected}`]),
      ...(refundedCents > totalCents ? [`${id}: ${refundedCents} of ${totalCents} cents were given back`] : []),
    ]
    return problems
  })
}

/** For an order that is over, no payment can be made any more, and no money is set aside. */
export const nothingIsSetAside: Invariant = ({ tables }) => {
  const over = new Set(tables.orders.filter(isSettled).map(({ id }) => id))
  return tables.payments
    .filter(({ orderId, state }) => over.has(orderId) && (state === 'open' || state === 'authorized'))
    .map(({ id, orderId, state }) => `payment ${id} of ${orderId}, which is over, is ${state}`)
}

/** An order is cancelled as declined only where the provider declined its payment: an answer that does not come is no decline. */
export const declinedWhereDeclined: Invariant = ({ tables }) => {
  const declined = new Set(tables.payments.filter(({ state }) => state === 'declined').map(({ orderId }) => orderId))
  return tables.orders
    .filter(({ id, cancelReason }) => cancelReason === 'declined' && !declined.has(id))
    .map(({ id }) => `${id} was cancelled as declined, and no payment of it was`)
}

function capturesByOrder({ payments }: Run['tables']): Map<string, PaymentRow[]> {
  return Map.groupBy(
    payments.filter(({ state }) => state === 'captured'),
    ({ orderId }) => orderId,
  )
}

import type { Line } from '../history/history.ts'
import type { Invariant } from './invariant.ts'
import { isSettled } from './settled.ts'
import { sumOf } from './stock.ts'

/** The copies of an order are sold exactly where it is confirmed; those of a cancelled one came back if they were. */
export const confirmedExactlyWhereSold: Invariant = ({ tables }) => {
  const reservations = new Map(tables.reservations.map((row) => [row.orderId, row]))
  return tables.orders.flatMap((order) => {
    const { id, state, lines, returned } = order
    const reservation = reservations.get(id)
    const sold = reservation?.state === 'committed' ? reservation.lines : []
    if (state === 'confirmed')
      return isSame(sold, lines) ? [] : [`${id} is confirmed, and ${described(sold)} of ${described(lines)} are sold`]
    if (!isSettled(order)) return []
    return sold.length === 0 || isSame(sold, returned) ? [] : [`${id} is ${state}, and ${described(sold)} are sold`]
  })
}

/** A cancelled order holds nothing, and nothing is held for no order. */
export const cancelledHoldsNothing: Invariant = ({ tables }) => {
  const orders = new Map(tables.orders.map((order) => [order.id, order]))
  const isOver = (id: string) => {
    const order = orders.get(id)
    return !order || isSettled(order)
  }
  return tables.reservations
    .filter(({ orderId, state }) => state === 'held' && isOver(orderId))
    .map(
      ({ orderId, lines }) =>
        `${orderId} is ${orders.get(orderId)?.state ?? 'no order'}, and holds ${described(lines)}`,
    )
}

function isSame(some: readonly Line[], others: readonly Line[]): boolean {
  return described(some) === described(others)
}

function described(lines: readonly Line[]): string {
  const sums = [...sumOf(lines)].toSorted(([a], [b]) => a - b)
  return sums.map(([bookId, copies]) => `${copies} × ${bookId}`).join(' and ') || 'no copies'
}

import type { Line } from '../history/history.ts'
import type { Invariant } from './invariant.ts'
import { sumOf } from './stock.ts'

/** The copies of an order are sold exactly where it is confirmed; those of a cancelled one came back if they were. */
export const confirmedExactlyWhereSold: Invariant = ({ tables }) => {
  const reservations = new Map(tables.reservations.map((row) => [row.orderId, row]))
  return tables.orders.flatMap(({ id, state, lines, returned }) => {
    const reservation = reservations.get(id)
    const sold = reservation?.state === 'committed' ? reservation.lines : []
    if (state === 'confirmed')
      return isSame(sold, lines) ? [] : [`${id} is confirmed, and ${described(sold)} of ${described(lines)} are sold`]
    return sold.length === 0 || isSame(sold, returned) ? [] : [`${id} is ${state}, and ${described(sold)} are sold`]
  })
}

/** A cancelled order holds nothing, and nothing is held for no order. */
export const cancelledHoldsNothing: Invariant = ({ tables }) => {
  const states = new Map(tables.orders.map(({ id, state }) => [id, state]))
  return tables.reservations
    .filter(({ orderId, state }) => state === 'held' && isOver(states.get(orderId)))
    .map(({ orderId, lines }) => `${orderId} is ${states.get(orderId) ?? 'no order'}, and holds ${described(lines)}`)
}

function isOver(state: string | undefined): boolean {
  return state === undefined || state === 'cancelled' || state === 'confirmed'
}

function isSame(some: readonly Line[], others: readonly Line[]): boolean {
  return described(some) === described(others)
}

function described(lines: readonly Line[]): string {
  const sums = [...sumOf(lines)].toSorted(([a], [b]) => a - b)
  return sums.map(([bookId, copies]) => `${copies} × ${bookId}`).join(' and ') || 'no copies'
}

import type { Order, OrderState } from '@books/proto'
import { type OrderSeen, type State, states } from '../history/history.ts'

/** An order of an answer, as the history keeps it. */
export function orderSeenOf({ id, state, totalCents, lines }: Order): OrderSeen {
  return {
    ...{ id, totalCents },
    state: stateOf(state),
    lines: lines.map(({ bookId, copies, unitPriceCents, discountCents }) => ({
      ...{ bookId, copies, unitPriceCents, discountCents },
    })),
  }
}

/** The name of a state. */
export function stateOf(state: OrderState): State {
  const name = states[state - 1]
  if (!name) throw new RangeError(`an order has the state ${state}`)
  return name
}

/** Whether an order goes on no more. */
export function isFinal(state: State): boolean {
  return state === 'confirmed' || state === 'cancelled'
}

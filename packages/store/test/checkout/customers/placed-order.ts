import type { Order } from '@books/proto'
import type { Line, State } from '../history/history.ts'
import { isFinal, stateOf } from './order-seen.ts'
import type { OwnCart } from './own-cart.ts'
import { poll, type Shop, untilKnown } from './shop.ts'

/** An order that was answered, as its customer knows it. */
export interface PlacedOrder {
  readonly id: string
  readonly owner: { readerId: number; secret: string }
  readonly cart: OwnCart
  readonly lines: readonly Line[]
  readonly hasPromotion: boolean
  state: State
  redirectUrl: string
  /** Whether its customer left it without paying. */
  isLeft?: boolean
  /** Whether all of it was refunded. */
  isGivenBack?: boolean
}

/** Asks for the order once. */
export async function look(shop: Shop, order: PlacedOrder): Promise<void> {
  const beganAt = Date.now()
  const { order: answer } = await untilKnown(() =>
    shop.transactions.getOrder({ orderId: order.id, owner: order.owner }),
  )
  see(shop, order, answer, beganAt)
}

/** Asks for the order until it can be paid, or is final. */
export async function untilPayable(shop: Shop, order: PlacedOrder): Promise<void> {
  await poll(
    async () => {
      if (!order.redirectUrl && !isFinal(order.state)) await look(shop, order)
      return order.redirectUrl || isFinal(order.state) || undefined
    },
    { withinMs: 60_000 },
  )
}

/** Waits until the order is final, by its stream and then by asking; resolves to whether it is. */
export async function untilFinal(shop: Shop, order: PlacedOrder, withinMs: number): Promise<boolean> {
  const giveUpAt = Date.now() + withinMs
  try {
    let beganAt = Date.now()
    const messages = shop.transactions.watchOrder({ orderId: order.id, owner: order.owner }, { deadlineMs: withinMs })
    for await (const { order: answer } of messages) {
      see(shop, order, answer, beganAt)
      beganAt = Date.now()
    }
  } catch {
    // The shop's page asks, too, where its stream broke.
  }
  await poll(
    async () => {
      if (!isFinal(order.state)) await look(shop, order)
      return isFinal(order.state) || undefined
    },
    { withinMs: giveUpAt - Date.now(), firstMs: 100 },
  )
  return isFinal(order.state)
}

/** Records what an answer showed. */
export function see(shop: Shop, order: PlacedOrder, answer: Order | undefined, beganAt: number): void {
  if (!answer) throw new TypeError(`an answer has no order ${order.id}`)
  const state = stateOf(answer.state)
  shop.history.sightings.push({ orderId: order.id, state, beganAt, endedAt: Date.now() })
  order.redirectUrl ||= answer.redirectUrl
  if (isFinal(order.state)) return
  order.state = state
  if (state === 'confirmed') order.cart.buy(order.lines)
}

import { CancelReason, type Order, OrderState } from '@books/proto'
import { formatTime } from '../format.ts'

/** What the page of an order says of its state. */
export interface OrderStatus {
  heading: string
  text: string
  /** A word for a list. */
  label: string
  isFinal: boolean
}

const states: Partial<Record<OrderState, Omit<OrderStatus, 'isFinal'>>> = {
  [OrderState.ORDER_STATE_PLACED]: {
    heading: 'We have your order',
    text: 'We are setting the books aside for you. Nothing is paid yet.',
    label: 'Placed',
  },
  [OrderState.ORDER_STATE_AUTHORIZED]: {
    heading: 'Your payment is being checked',
    text: 'Your bank has set the amount aside, and we are taking the books off the shelf. There is nothing more to do.',
    label: 'Being paid',
  },
  [OrderState.ORDER_STATE_COMMITTED]: {
    heading: 'The books are yours',
    text: 'They are taken off the shelf for you, and the payment is being completed. There is nothing more to do.',
    label: 'Being paid',
  },
  [OrderState.ORDER_STATE_CAPTURED]: {
    heading: 'Your payment has arrived',
    text: 'The order is being completed. There is nothing more to do.',
    label: 'Being completed',
  },
}

const cancelled: Partial<Record<CancelReason, string>> = {
  [CancelReason.CANCEL_REASON_CUSTOMER]: 'You cancelled it.',
  [CancelReason.CANCEL_REASON_OUT_OF_STOCK]: 'There were not enough copies left.',
  [CancelReason.CANCEL_REASON_DECLINED]: 'The payment was declined.',
  [CancelReason.CANCEL_REASON_EXPIRED]: 'It was not paid in time.',
  [CancelReason.CANCEL_REASON_REPLACED]: 'A newer order of the same cart took its place.',
  [CancelReason.CANCEL_REASON_PAYMENT_FAILED]: 'The payment provider did not accept it. The fault is ours.',
}

/** What to say of an order. */
export function statusOf(order: Order): OrderStatus {
  const { state, cancelReason, payUntil, redirectUrl, email } = order
  if (state === OrderState.ORDER_STATE_CONFIRMED) {
    const receipt = email ? ` The receipt goes to ${email}.` : ''
    return order.shippedAt
      ? { heading: 'On its way', text: 'Your order is paid and sent.', label: 'Sent', isFinal: true }
      : { heading: 'Thank you', text: `Your order is paid.${receipt}`, label: 'Paid', isFinal: true }
  }
  if (state === OrderState.ORDER_STATE_CANCELLED) {
    const why = cancelled[cancelReason] ?? 'It could not be completed.'
    const text = `${why} You are not charged: anything that was taken is given back.`
    return { heading: 'This order is cancelled', text, label: 'Cancelled', isFinal: true }
  }
  if (state === OrderState.ORDER_STATE_RESERVED) {
    const until = payUntil ? ` until ${formatTime(payUntil)} UTC` : ' for a while'
    const pay = redirectUrl
      ? 'We have not heard of your payment yet. If you have paid, this page says so in a moment.'
      : 'Your payment is being prepared.'
    return {
      heading: redirectUrl ? 'Waiting for your payment' : 'Your books are set aside',
      text: `The books are set aside for you${until}. ${pay}`,
      label: 'Not paid yet',
      isFinal: false,
    }
  }
  const known = states[state]
  return known
    ? { ...known, isFinal: false }
    : { heading: 'Your order', text: 'It is under way.', label: 'Under way', isFinal: false }
}

/** Whether an order can still be cancelled, as far as is known. */
export function isCancellable({ state }: Order): boolean {
  return state === OrderState.ORDER_STATE_PLACED || state === OrderState.ORDER_STATE_RESERVED
}

const soonMs = 60_000
const laterMs = 5 * 60_000

/** After how many seconds the page of an order that is not final is looked at again: the less often, the older the order. */
export function refreshSeconds({ placedAt }: Order, now: Date): number {
  const ageMs = placedAt ? now.getTime() - placedAt.getTime() : 0
  if (ageMs < soonMs) return 3
  return ageMs < laterMs ? 10 : 30
}

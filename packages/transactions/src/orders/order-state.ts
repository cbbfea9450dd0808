import { CancelReason, OrderState as StateMessage } from '@books/proto'

/** The steps of an order. */
export type OrderState = 'placed' | 'reserved' | 'authorized' | 'committed' | 'captured' | 'confirmed' | 'cancelled'

/** Why an order was cancelled. */
export type CancelCause = 'customer' | 'out_of_stock' | 'declined' | 'expired' | 'replaced' | 'payment_failed'

/** States in which nothing was set aside by the customer's bank. */
export const unpaidStates = ['placed', 'reserved'] as const satisfies readonly OrderState[]

/** States in which an order can be cancelled: before the amount is taken. */
export const cancellableStates = [...unpaidStates, 'authorized', 'committed'] as const satisfies readonly OrderState[]

/** States that are not final. */
export const openStates = [...cancellableStates, 'captured'] as const satisfies readonly OrderState[]

/** Whether an order stays in this state. */
export function isFinal(state: OrderState): boolean {
  return state === 'confirmed' || state === 'cancelled'
}

/** Whether an order is not paid, and can still be replaced. */
export function isUnpaid(state: OrderState): boolean {
  return state === 'placed' || state === 'reserved'
}

/** The states as callers see them. */
export const stateMessages: Record<OrderState, StateMessage> = {
  placed: StateMessage.ORDER_STATE_PLACED,
  reserved: StateMessage.ORDER_STATE_RESERVED,
  authorized: StateMessage.ORDER_STATE_AUTHORIZED,
  committed: StateMessage.ORDER_STATE_COMMITTED,
  captured: StateMessage.ORDER_STATE_CAPTURED,
  confirmed: StateMessage.ORDER_STATE_CONFIRMED,
  cancelled: StateMessage.ORDER_STATE_CANCELLED,
}

/** The reasons as callers see them. */
export const reasonMessages: Record<CancelCause, CancelReason> = {
  customer: CancelReason.CANCEL_REASON_CUSTOMER,
  out_of_stock: CancelReason.CANCEL_REASON_OUT_OF_STOCK,
  declined: CancelReason.CANCEL_REASON_DECLINED,
  expired: CancelReason.CANCEL_REASON_EXPIRED,
  replaced: CancelReason.CANCEL_REASON_REPLACED,
  payment_failed: CancelReason.CANCEL_REASON_PAYMENT_FAILED,
}

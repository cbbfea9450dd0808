import { RpcError, Status } from '@books/rpc'
import type { Order } from '../orders/order.ts'
import type { CancelCause, OrderState } from '../orders/order-state.ts'
import { type Payment, PaymentError } from '../payments/payment-provider.ts'
import { beginPayment } from './begin-payment.ts'
import { callMs, kindOf, reasonOf, requirePayment, type StepContext } from './step-context.ts'
import { lookDelayMsOf } from './step-delays.ts'
import type { StepResult } from './step-store.ts'
import { undo } from './undo.ts'

// Copies are held for longer than the customer may pay: a payment that is authorized in the last moment still finds them.
const holdAfterPayUntilMs = 30 * 60_000

type Step = (order: Order, context: StepContext) => Promise<StepResult>

/**
 * The next step of an order by its state. Each has effects that may be repeated, outside of a transaction, and no other; what it
 * results in is written by its caller. Rejects where the outcome is not known, or there is none yet: the same step is made again.
 */
export const steps: Readonly<Record<Exclude<OrderState, 'captured' | 'confirmed'>, Step>> = {
  placed: reserve,
  reserved: lookForPayment,
  authorized: commit,
  committed: capture,
  cancelled: undo,
}

async function reserve(order: Order, context: StepContext): Promise<StepResult> {
  const { stock, now, signal } = context
  if (now() >= order.pay_until) return cancel('expired')
  // Its copies may be the last ones.
  if (order.replaces) await stock.releaseReservation({ orderId: order.replaces }, { signal, deadlineMs: callMs })
  try {
    await hold(order, context)
  } catch (error) {
    const reason = reasonOf(error)
    if (reason === 'OUT_OF_STOCK') {
      const missing = (error as RpcError).details.errorInfo?.metadata ?? {}
      return cancel('out_of_stock', { missing_books: JSON.stringify(missing) })
    }
    if (reason === 'RESERVATION_RELEASED') return cancel('expired')
    throw error
  }
  // The key of the payment is stored with this, before the provider is asked.
  return { to: 'reserved', set: { payment_begun_at: now() } }
}

async function hold(order: Order, { stock, listLines, listUndone, signal }: StepContext): Promise<void> {
  const options = { signal, deadlineMs: callMs }
  const lines = (await listLines(order)).map(({ bookId, copies }) => ({ bookId, copies }))
  const expiresAt = new Date(order.pay_until.getTime() + holdAfterPayUntilMs)
  const reservation = { orderId: order.id, lines, expiresAt }
  try {
    await stock.reserveStock(reservation, options)
  } catch (error) {
    if (reasonOf(error) !== 'OUT_OF_STOCK') throw error
    // What lacks may be held by cancelled orders of the same cart, or have been until now.
    for (const orderId of await listUndone(order.cart_id)) {
      await stock.releaseReservation({ orderId }, options).catch((cause: unknown) => {
        if (reasonOf(cause) !== 'RESERVATION_COMMITTED') throw cause
      })
    }
    await stock.reserveStock(reservation, options)
  }
}

async function lookForPayment(order: Order, context: StepContext): Promise<StepResult> {
  const { payments, now, signal } = context
  const set: StepResult['set'] = {}
  let payment: Payment | undefined
  try {
    payment = order.payment_id ? await payments.find(order.payment_id, signal) : await beginPayment(order, context)
  } catch (error) {
    if (kindOf(error) === 'declined') return cancel('declined')
    if (kindOf(error) === 'rejected') return cancel('payment_failed')
    // The provider may be away for longer than the customer may pay.
    if (now() >= order.pay_until) return cancel('expired')
    throw error
  }
  if (!payment) return cancel('expired')
  if (!order.payment_id) Object.assign(set, { payment_id: payment.id, redirect_url: payment.redirectUrl ?? null })

  switch (payment.state) {
    case 'authorized':
    case 'captured':
      return { to: 'authorized', set }
    case 'declined':
      return cancel('declined', set)
    case 'cancelled':
      return cancel('expired', set)
    case 'open':
      break
  }
  if (now() >= order.pay_until) return cancel('expired', set)
  return { set, wait: lookDelayMsOf(order, now()) }
}

async function commit(order: Order, { stock, signal }: StepContext): Promise<StepResult> {
  try {
    await stock.commitReservation({ orderId: order.id }, { signal, deadlineMs: callMs })
  } catch (error) {
    if (reasonOf(error) === 'RESERVATION_RELEASED') return cancel('expired')
    if (error instanceof RpcError && error.code === Status.NOT_FOUND) return cancel('out_of_stock')
    throw error
  }
  return { to: 'committed' }
}

async function capture(order: Order, { payments, signal }: StepContext): Promise<StepResult> {
  try {
    // Always the same key: a payment is captured once, whatever was answered before.
    const { state } = await payments.capture(`${order.id}:capture`, requirePayment(order), signal)
    if (state === 'captured') return { to: 'captured' }
    if (state === 'declined' || state === 'cancelled') return cancel('declined')
    throw new PaymentError('unknown', `the payment is ${state} after its capture`)
  } catch (error) {
    if (kindOf(error) === 'declined') return cancel('declined')
    throw error
  }
}

function cancel(cancel_reason: CancelCause, set: StepResult['set'] = {}): StepResult {
  return { to: 'cancelled', set: { ...set, cancel_reason } }
}

import type { Payment, PaymentState } from '../payments/payment.ts'
import { outcomes } from './outcomes.ts'

const closed: Readonly<Record<Exclude<PaymentState, 'open'>, string>> = {
  authorized: 'It is authorized, and the shop has not captured it yet.',
  captured: 'It is paid.',
  declined: 'It was declined.',
  cancelled: 'It was cancelled, or has expired.',
}

/** The page of a payment, or the one that asks to confirm it. */
export function paymentPage(payment: Payment, { isConfirmation }: { isConfirmation: boolean }) {
  const { id, state, description, email, returnUrl } = payment
  const amount = amountOf(payment, payment.amountCents)
  const asks = isConfirmation && state === 'open'
  const choices = asks
    ? [
        { value: 'pay', label: `Confirm ${amount}`, text: 'The payment is authorized.' },
        { value: 'decline', label: 'Refuse', text: 'The payment is declined.' },
      ]
    : outcomes
  return {
    title: `Pay ${amount}`,
    heading: asks ? `Your bank asks: do you want to pay ${amount}?` : `Pay ${amount}`,
    action: `/pay/${id}`,
    ...{ description, email, returnUrl },
    ...(state === 'open' ? { choices } : { closed: closed[state] }),
  }
}

/** The list of payments for the developer. */
export function listPage(payments: readonly Payment[]) {
  return {
    title: 'Payments',
    payments: payments.map((payment) => ({
      href: `/pay/${payment.id}`,
      orderId: payment.orderId,
      amount: amountOf(payment, payment.amountCents),
      refunded: payment.refundedCents > 0 ? amountOf(payment, payment.refundedCents) : undefined,
      state: payment.state,
      createdAt: payment.createdAt.toISOString(),
      created: `${payment.createdAt.toISOString().slice(0, 19).replace('T', ' ')} UTC`,
    })),
  }
}

function amountOf({ currency }: Payment, cents: number): string {
  const format = new Intl.NumberFormat('en-GB', { style: 'currency', currency })
  return format.format(cents / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

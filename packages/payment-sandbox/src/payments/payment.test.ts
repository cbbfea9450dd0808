import { describe, expect, it } from '@jest/globals'
import { type Payment, paymentAt } from './payment.ts'

const expiresAt = new Date('2026-11-28T12:30:00Z')
const open: Payment = {
  ...{ id: 'pay_1', orderId: '7K3QD-9MX2T', state: 'open', amountCents: 2_397, refundedCents: 0, currency: 'EUR' },
  ...{ email: 'ada@example.org', description: 'Books', returnUrl: 'http://localhost:5000/orders' },
  ...{ createdAt: new Date('2026-11-28T12:00:00Z'), expiresAt },
}

describe('a payment', () => {
  // The job that closes it may be late.
  it('is cancelled from the moment when it expires, and not paid any more', () => {
    expect(paymentAt(open, new Date(expiresAt.getTime() - 1)).state).toBe('open')
    expect(paymentAt(open, expiresAt).state).toBe('cancelled')
  })

  it.each(['authorized', 'captured', 'declined'] as const)('stays %s', (state) => {
    expect(paymentAt({ ...open, state }, expiresAt).state).toBe(state)
  })
})

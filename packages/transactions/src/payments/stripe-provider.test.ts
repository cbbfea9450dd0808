import { describe, expect, it } from '@jest/globals'
import { secretKey, startFakeStripe, webhookSecret } from './fake-stripe.fixture.ts'
import { describeProvider } from './provider-contract.fixture.ts'
import type { ProviderUnderTest } from './provider-under-test.fixture.ts'
import { createStripeProvider } from './stripe-provider.ts'

const now = () => new Date()
const payment = {
  ...{ orderId: '7K3QD-9MX2T', amountCents: 2_397, currency: 'EUR', email: 'ada@example.org', description: 'Books' },
  ...{ returnUrl: 'http://localhost:5000/orders/1', expiresAt: new Date(Date.now() + 40 * 60_000) },
}

describeProvider('Stripe', startStripe)

describe('Stripe', () => {
  it('begins another session where a failure was kept, as the page of the first was shown to no customer', async () => {
    await using stripe = await startFakeStripe()
    const provider = providerOf(stripe.url)

    stripe.failNext('/checkout/sessions', 'after')
    await expect(provider.start('start', payment)).rejects.toMatchObject({ kind: 'unknown' })
    const open = await provider.start('start', payment)

    expect(open.state).toBe('open')
    expect(stripe.executed).toEqual(['start', 'start:2'])
    expect(await provider.start('start', payment)).toEqual(open)
  })

  it.each(['before', 'after'] as const)('captures once where a failure %s the effect was kept', async (when) => {
    await using stripe = await startFakeStripe()
    const provider = providerOf(stripe.url)
    const { id } = await provider.start('start', payment)
    stripe.complete(id, 'requires_capture')

    stripe.failNext('/capture', when)
    await expect(provider.capture('capture', id)).rejects.toMatchObject({ kind: 'unknown' })

    expect(await provider.capture('capture', id)).toMatchObject({ state: 'captured' })
    expect(stripe.executed).toEqual(when === 'before' ? ['start', 'capture', 'capture:2'] : ['start', 'capture'])
  })

  it.each(['before', 'after'] as const)('refunds once where a failure %s the effect was kept', async (when) => {
    await using stripe = await startFakeStripe()
    const provider = providerOf(stripe.url)
    const { id } = await provider.start('start', payment)
    stripe.complete(id, 'requires_capture')
    await provider.capture('capture', id)

    stripe.failNext('/refunds', when)
    await expect(provider.refund('refund', id, 1_000)).rejects.toMatchObject({ kind: 'unknown' })

    expect(await provider.refund('refund', id, 1_000)).toMatchObject({ refundedCents: 1_000 })
    expect(await provider.refund('refund', id, 1_000)).toMatchObject({ refundedCents: 1_000 })
  })

  it.each(['before', 'after'] as const)('cancels where a failure %s the effect was kept', async (when) => {
    await using stripe = await startFakeStripe()
    const provider = providerOf(stripe.url)
    const { id } = await provider.start('start', payment)

    stripe.failNext('/expire', when)
    await expect(provider.cancel('cancel', id)).rejects.toMatchObject({ kind: 'unknown' })

    expect(await provider.cancel('cancel', id)).toMatchObject({ state: 'cancelled' })
  })

  it('declines a capture that the bank refuses', async () => {
    await using stripe = await startFakeStripe()
    const provider = providerOf(stripe.url)
    const { id } = await provider.start('start', payment)
    stripe.complete(id, 'requires_capture')
    stripe.refuseCaptures()

    await expect(provider.capture('capture', id)).rejects.toMatchObject({ kind: 'declined' })
    expect(await provider.cancel('cancel', id)).toMatchObject({ state: 'cancelled' })
  })

  it('rejects what it cannot take without repeating it, and keeps nothing under the key', async () => {
    await using stripe = await startFakeStripe()
    const provider = providerOf(stripe.url)

    await expect(provider.start('start', { ...payment, email: 'ada' })).rejects.toMatchObject({
      kind: 'rejected',
      message: 'Stripe answered 400 email_invalid',
    })
    expect(await provider.start('start', payment)).toMatchObject({ state: 'open' })
  })

  it('answers an event that is about no order', async () => {
    await using stripe = await startFakeStripe()
    const provider = providerOf(stripe.url)
    const { id } = await provider.start('start', payment)
    const { body, headers } = stripe.sign('customer.updated', id)

    expect(await provider.readEvent(body, headers)).toBeUndefined()
  })

  it('takes no event without the secret of the endpoint', async () => {
    await using stripe = await startFakeStripe()
    const provider = createStripeProvider({ secretKey, webhookSecret: undefined, now, url: stripe.url })
    const { id } = await provider.start('start', payment)
    const { body, headers } = stripe.sign('checkout.session.completed', id)

    await expect(provider.readEvent(body, headers)).rejects.toMatchObject({ kind: 'rejected' })
  })
})

function providerOf(url: string) {
  return createStripeProvider({ secretKey, webhookSecret, now, url })
}

async function startStripe(): Promise<ProviderUnderTest> {
  const stripe = await startFakeStripe()
  const held = new Map<string, Promise<void>>()
  return {
    url: stripe.url,
    createAdapter: async ({ key = secretKey, ...options }) =>
      createStripeProvider({ now, webhookSecret, secretKey: key, ...options }),
    // On Stripe's page a customer whose card is refused tries another one; a bank may refuse later.
    choose: async ({ id }, outcome) =>
      stripe.complete(id, outcome === 'pay' ? 'requires_capture' : 'requires_payment_method'),
    async payAndHoldCapture({ id }) {
      stripe.complete(id, 'requires_capture')
      held.set(id, stripe.holdCaptures(id).running)
    },
    captureRuns: async ({ id }) => held.get(id),
    nextEvent: async (orderId) => stripe.sign('checkout.session.completed', stripe.sessionsOf(orderId)[0] ?? ''),
    countPayments: async (orderId) => stripe.sessionsOf(orderId).length,
    [Symbol.asyncDispose]: () => Promise.resolve(stripe[Symbol.asyncDispose]()),
  }
}

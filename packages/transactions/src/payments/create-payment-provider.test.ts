import { createErrorLog } from '@books/runtime/testing'
import { describe, expect, it } from '@jest/globals'
import { createPaymentProvider } from './create-payment-provider.ts'
import { secretKey, startFakeStripe } from './fake-stripe.fixture.ts'

const now = () => new Date()
const sandbox = { url: 'http://127.0.0.1:9' }
const { log } = createErrorLog()

describe('the payment provider', () => {
  it('is the sandbox without a key of Stripe', async () => {
    const settings = { PAYMENT_SANDBOX_KEY: 'a key of sixteen characters' }
    const provider = await createPaymentProvider({ settings, sandbox, now, log })

    await expect(provider.find('pay_1')).rejects.toMatchObject({ kind: 'busy' })
    await expect(provider.readEvent(Buffer.from('{}'), { 'stripe-signature': 't=1,v1=0' })).rejects.toThrow(
      'the signature of the event is wrong',
    )
  })

  it('is Stripe with one', async () => {
    await using stripe = await startFakeStripe()
    const payment = stripe.post('/v1/checkout/sessions', new URLSearchParams({ 'metadata[order_id]': 'X' })) as {
      id: string
    }
    const { body, headers } = stripe.sign('checkout.session.completed', payment.id)
    const settings = { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: 'whsec_of_the_fake' }
    const provider = await createPaymentProvider({ settings, sandbox, now, log })

    expect(await provider.readEvent(body, headers)).toMatchObject({ orderId: 'X', paymentId: payment.id })
  })
})

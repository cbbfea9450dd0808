import { Stripe } from 'stripe'
import { connectionError, methodMs } from './connection-error.ts'
import { lookForCancellation, lookForCapture, onceForKey } from './once-for-key.ts'
import { type NewPayment, type Payment, PaymentError, type PaymentProvider } from './payment-provider.ts'
import { type RequestFacts, readStripeError } from './stripe-error.ts'
import { expand, intentOf, paymentOf } from './stripe-payment.ts'

/** How Stripe is reached. */
export interface StripeOptions {
  secretKey: string
  /** Without it no event is taken. */
  webhookSecret: string | undefined
  now: () => Date
  /** How long a method takes at most. */
  timeoutMs?: number
  /** Where Stripe is, for tests. */
  url?: string
}

type Send<Answer> = (options: Stripe.RequestOptions) => Promise<Answer>

/** Payments by Stripe: a Checkout Session for each, captured by hand. */
export function createStripeProvider(options: StripeOptions): PaymentProvider {
  const { secretKey, webhookSecret = '', now, timeoutMs = methodMs, url } = options
  const stripe = new Stripe(secretKey, {
    // What is repeated, and when, is for the steps of an order to say.
    ...{ maxNetworkRetries: 0, telemetry: false, timeout: timeoutMs },
    ...(url && addressOf(url)),
  })
  const endOf = (signal: AbortSignal | undefined) =>
    AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])])

  /** Sends a request, and waits for its answer until the signal aborts; Stripe's library knows no signal. */
  async function send<Answer>(end: AbortSignal, facts: RequestFacts, request: Send<Answer>): Promise<Answer> {
    const ended = Promise.withResolvers<never>()
    const onEnd = () => ended.reject(connectionError(end.reason, facts))
    end.addEventListener('abort', onEnd)
    try {
      end.throwIfAborted()
      return await Promise.race([request({}), ended.promise])
    } catch (error) {
      throw error instanceof PaymentError ? error : readStripeError(error, facts)
    } finally {
      end.removeEventListener('abort', onEnd)
    }
  }

  const read = <Answer>(end: AbortSignal, request: Send<Answer>) => send(end, { hasEffect: false }, request)

  const findSession = (id: string, end: AbortSignal) =>
    read(end, (options) => stripe.checkout.sessions.retrieve(id, { expand }, options))

  async function requireIntent(id: string, end: AbortSignal): Promise<string> {
    const intent = intentOf(await findSession(id, end))
    if (!intent) throw new PaymentError('rejected', 'the payment is not made yet')
    return intent.id
  }

  return {
    start(key, payment, signal) {
      const end = endOf(signal)
      const create = (idempotencyKey: string) =>
        send(end, { hasEffect: true }, () => stripe.checkout.sessions.create(paramsOf(payment), { idempotencyKey }))
      // The page of a session whose beginning failed was shown to no customer: another one is begun.
      const look = async () => undefined
      return onceForKey(key, async (each) => paymentOf(await create(each)), look)
    },

    find: async (paymentId, signal) => paymentOf(await findSession(paymentId, endOf(signal))),

    async findByOrder(orderId, signal) {
      if (!/^[\w-]+$/.test(orderId)) throw new PaymentError('rejected', 'this is no id of an order')
      const end = endOf(signal)
      // An open session has no payment intent, and is older than a session may be where this is asked.
      const query = `metadata['order_id']:'${orderId}'`
      const { data: intents } = await read(end, (options) => stripe.paymentIntents.search({ query }, options))
      const intent = intents.find(({ status }) => status !== 'canceled') ?? intents[0]
      if (!intent) return undefined
      const params = { payment_intent: intent.id, limit: 1, expand: expand.map((each) => `data.${each}`) }
      const { data: sessions } = await read(end, (options) => stripe.checkout.sessions.list(params, options))
      return sessions[0] && paymentOf(sessions[0])
    },

    capture(key, paymentId, signal) {
      const end = endOf(signal)
      const look = async () => lookForCapture(paymentOf(await findSession(paymentId, end)))
      const attempt = async (idempotencyKey: string) => {
        const session = await findSession(paymentId, end)
        const payment = paymentOf(session)
        const intent = intentOf(session)
        const done = lookForCapture(payment)
        if (done || !intent) return payment
        const facts = { hasEffect: true, needsState: true }
        await send(end, facts, () => stripe.paymentIntents.capture(intent.id, {}, { idempotencyKey }))
        return { ...payment, state: 'captured' as const }
      }
      return onceForKey(key, attempt, look)
    },

    cancel(key, paymentId, signal) {
      const end = endOf(signal)
      const look = async () => lookForCancellation(paymentOf(await findSession(paymentId, end)))
      const attempt = async (each: string): Promise<Payment> => {
        const session = await findSession(paymentId, end)
        const payment = paymentOf(session)
        if (lookForCancellation(payment)) return payment
        const intent = intentOf(session)
        const facts = { hasEffect: true, needsState: true }
        // Another request each, so another key.
        if (session.status === 'open')
          await send(end, facts, () =>
            stripe.checkout.sessions.expire(paymentId, {}, { idempotencyKey: `${each}:expire` }),
          )
        else if (intent)
          await send(end, facts, () => stripe.paymentIntents.cancel(intent.id, {}, { idempotencyKey: `${each}:void` }))
        return { ...payment, state: 'cancelled', redirectUrl: undefined }
      }
      return onceForKey(key, attempt, look)
    },

    async refund(key, paymentId, amountCents, signal) {
      const end = endOf(signal)
      const payment_intent = await requireIntent(paymentId, end)
      const find = async () => paymentOf(await findSession(paymentId, end))
      const attempt = async (idempotencyKey: string) => {
        const params = { payment_intent, amount: amountCents, metadata: { key } }
        await send(end, { hasEffect: true }, () => stripe.refunds.create(params, { idempotencyKey }))
        return find()
      }
      const look = async () => {
        const { data } = await read(end, (options) => stripe.refunds.list({ payment_intent, limit: 100 }, options))
        return data.some(({ metadata }) => metadata?.['key'] === key) ? find() : undefined
      }
      return onceForKey(key, attempt, look)
    },

    async readEvent(body, headers) {
      const event = readEvent(stripe, body, headers['stripe-signature'] ?? '', { webhookSecret, now })
      if (!event.type.startsWith('checkout.session.')) return undefined
      const { id: paymentId, metadata } = event.data.object as Stripe.Checkout.Session
      const orderId = metadata?.['order_id']
      return orderId ? { id: event.id, orderId, paymentId } : undefined
    },
  }
}

function readEvent(
  { webhooks }: Stripe,
  body: Uint8Array,
  signature: string,
  { webhookSecret, now }: { webhookSecret: string; now: () => Date },
): Stripe.Event {
  try {
    const receivedAt = now().getTime()
    return webhooks.constructEvent(Buffer.from(body), signature, webhookSecret, undefined, undefined, receivedAt)
  } catch {
    // Its error holds the whole event.
    throw new PaymentError('rejected', 'the event is not signed by Stripe, or its signature is old')
  }
}

/** The same for each try, as Stripe compares them. */
function paramsOf(payment: NewPayment): Stripe.Checkout.SessionCreateParams {
  const { orderId, amountCents, currency, email, returnUrl, expiresAt, description } = payment
  const metadata = { order_id: orderId }
  const price_data = { currency: currency.toLowerCase(), unit_amount: amountCents, product_data: { name: description } }
  return {
    mode: 'payment',
    // Other methods cannot all be captured later.
    allowed_payment_method_types: ['card'],
    // The customer pays in the currency of the order.
    adaptive_pricing: { enabled: false },
    line_items: [{ quantity: 1, price_data }],
    payment_intent_data: { capture_method: 'manual', description, metadata },
    ...{ metadata, client_reference_id: orderId, customer_email: email },
    ...{ success_url: returnUrl, cancel_url: returnUrl },
    expires_at: Math.floor(expiresAt.getTime() / 1_000),
  }
}

function addressOf(url: string): Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol'> {
  const { hostname, port, protocol } = new URL(url)
  return { host: hostname, port, protocol: protocol === 'http:' ? 'http' : 'https' }
}

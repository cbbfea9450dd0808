/** An error as Stripe answers it. */
export class StripeFault extends Error {
  readonly status: number
  readonly error: { type: string; code?: string; message: string }

  constructor(status: number, error: StripeFault['error']) {
    super(error.message)
    this.status = status
    this.error = error
  }
}

interface Intent {
  id: string
  object: 'payment_intent'
  status: string
  metadata: Record<string, string>
  latest_charge: { id: string; object: 'charge'; amount_refunded: number }
}
interface Session {
  id: string
  object: 'checkout.session'
  status: 'open' | 'complete' | 'expired'
  amount_total: number
  currency: string
  url: string | null
  payment_intent: Intent | null
  metadata: Record<string, string>
  intentMetadata: Record<string, string>
  created: number
}

/** The objects of the fake Stripe. */
export interface FakePayments {
  get(path: string, query: URLSearchParams): object
  post(path: string, form: URLSearchParams): object
  /** Throws where a POST is refused before it runs. */
  validate(path: string, form: URLSearchParams): void
  /** The customer pays on the page of the session, or the bank refuses after it was completed. */
  complete(sessionId: string, status: 'requires_capture' | 'requires_payment_method'): void
  sessionOf(id: string): object
  intentIdOf(sessionId: string): string
  /** The ids of the sessions of an order. */
  sessionsOf(orderId: string): string[]
  /** Cards refuse to be captured. */
  refuseCaptures(): void
}

/** Creates the objects of a Stripe without payments. */
export function createFakePayments(): FakePayments {
  const sessions: Session[] = []
  const refunds: { id: string; payment_intent: string; amount: number; metadata: Record<string, string> }[] = []
  let refuses = false

  const missing = () =>
    new StripeFault(404, { type: 'invalid_request_error', code: 'resource_missing', message: 'No such object' })
  const invalid = (message: string, code = '') => new StripeFault(400, { type: 'invalid_request_error', code, message })
  const unexpected = ({ status }: Intent) => invalid(`its status is ${status}`, 'payment_intent_unexpected_state')
  const requireSession = (id = '') => sessions.find((session) => session.id === id) ?? raise(missing())
  function requireByIntent(id = '') {
    const session = sessions.find(({ payment_intent }) => payment_intent?.id === id) ?? raise(missing())
    return { session, intent: session.payment_intent ?? raise(missing()) }
  }

  function createSession(form: URLSearchParams): Session {
    const id = `cs_test_${sessions.length + 1}`
    const session: Session = {
      ...{ id, object: 'checkout.session', status: 'open', payment_intent: null },
      amount_total: Number(form.get('line_items[0][price_data][unit_amount]')),
      currency: form.get('line_items[0][price_data][currency]') ?? '',
      url: `https://checkout.stripe.com/c/pay/${id}`,
      metadata: { order_id: form.get('metadata[order_id]') ?? '' },
      intentMetadata: { order_id: form.get('payment_intent_data[metadata][order_id]') ?? '' },
      created: sessions.length,
    }
    sessions.push(session)
    return session
  }

  function changeIntent(id: string | undefined, action: string | undefined): Intent {
    const { intent } = requireByIntent(id)
    if (intent.status !== 'requires_capture') throw unexpected(intent)
    if (action === 'capture' && refuses)
      throw new StripeFault(402, { type: 'card_error', code: 'charge_expired_for_capture', message: 'It has expired' })
    intent.status = action === 'capture' ? 'succeeded' : 'canceled'
    return intent
  }

  function refund(form: URLSearchParams): object {
    const { session, intent } = requireByIntent(form.get('payment_intent') ?? '')
    const amount = Number(form.get('amount'))
    if (intent.status !== 'succeeded') throw unexpected(intent)
    if (intent.latest_charge.amount_refunded + amount > session.amount_total)
      throw invalid('Refund amount is greater than unrefunded amount on charge')
    intent.latest_charge.amount_refunded += amount
    const made = {
      id: `re_${refunds.length}`,
      payment_intent: intent.id,
      amount,
      metadata: { key: form.get('metadata[key]') ?? '' },
    }
    refunds.push(made)
    return made
  }

  /** Objects are answered by their ids unless they are expanded. */
  function shown(session: Session, isExpanded: boolean): object {
    return { ...session, payment_intent: isExpanded ? session.payment_intent : (session.payment_intent?.id ?? null) }
  }

  return {
    get(path, query) {
      const isExpanded = [...query].some(
        ([name, value]) => name.startsWith('expand') && value.includes('payment_intent'),
      )
      const [, , first, second, third] = path.split('/')
      const listed = (data: object[]) => ({ object: 'list', data, has_more: false })
      if (first === 'checkout' && third) return shown(requireSession(third), isExpanded)
      if (first === 'checkout') {
        const { session } = requireByIntent(query.get('payment_intent') ?? '')
        return listed([shown(session, isExpanded)])
      }
      if (first === 'payment_intents' && second === 'search') {
        const [, orderId] = /^metadata\['order_id'\]:'([\w-]+)'$/.exec(query.get('query') ?? '') ?? []
        const found = sessions.flatMap(({ payment_intent }) => payment_intent ?? [])
        return { ...listed(found.filter(({ metadata }) => metadata['order_id'] === orderId)), object: 'search_result' }
      }
      if (first === 'refunds')
        return listed(refunds.filter((each) => each.payment_intent === query.get('payment_intent')))
      throw missing()
    },

    post(path, form) {
      const [, , first, second, third, fourth] = path.split('/')
      if (first === 'checkout' && !third) return shown(createSession(form), false)
      if (first === 'checkout' && fourth === 'expire') {
        const session = requireSession(third)
        if (session.status !== 'open') throw invalid('Only Checkout Sessions with a status in ["open"] can be expired.')
        Object.assign(session, { status: 'expired', url: null })
        return shown(session, false)
      }
      if (first === 'payment_intents') return changeIntent(second, third)
      if (first === 'refunds') return refund(form)
      throw missing()
    },

    validate(path, form) {
      if (path !== '/v1/checkout/sessions') return
      const lifetimeSeconds = Number(form.get('expires_at')) - Date.now() / 1_000
      if (lifetimeSeconds < 30 * 60 || lifetimeSeconds > 24 * 60 * 60)
        throw invalid('expires_at is not within 24 hours')
      if (form.get('payment_intent_data[capture_method]') !== 'manual') throw invalid('it would be captured at once')
      if (!form.get('success_url')) throw invalid('a parameter is missing')
      const email = form.get('customer_email') ?? ''
      if (!email.includes('@')) throw invalid(`Invalid email address: ${email}`, 'email_invalid')
    },

    complete(sessionId, status) {
      const session = requireSession(sessionId)
      if (session.status !== 'open') return
      const id = sessionId.replace('cs_', 'pi_')
      const latest_charge = { id: sessionId.replace('cs_', 'ch_'), object: 'charge' as const, amount_refunded: 0 }
      const intent: Intent = { id, object: 'payment_intent', status, metadata: session.intentMetadata, latest_charge }
      Object.assign(session, { status: 'complete', url: null, payment_intent: intent })
    },
    sessionOf: (id) => shown(requireSession(id), false),
    intentIdOf: (id) => requireSession(id).payment_intent?.id ?? raise(missing()),
    sessionsOf: (orderId) => sessions.flatMap(({ id, metadata }) => (metadata['order_id'] === orderId ? [id] : [])),
    refuseCaptures() {
      refuses = true
    },
  }
}

function raise(error: Error): never {
  throw error
}

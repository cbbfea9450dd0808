import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { key, newKey, type ReceivedEvent, type Sandbox, serveShop, startSandbox } from '../sandbox.fixture.ts'
import { outcomes } from './outcomes.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ ANSWER_DELAY_MS: '300', EVENT_DELAY_MS: '86400000' })
})
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]()
})

const stateOf = async ({ id }: { id: string }) => (await sandbox.get(`/v1/payments/${id}`)).body.state
const eventsOf = ({ id }: { id: string }, { events } = sandbox.shop) =>
  events.map(({ body }) => JSON.parse(body)).filter(({ payment }) => payment.id === id)

describe('the page of a payment', () => {
  it('says that it is a sandbox, and offers every outcome without JavaScript', async () => {
    const { body } = await sandbox.start({ description: '<b>Three</b> books' })
    const response = await fetch(`${sandbox.url}/pay/${body.id}`)
    const page = await response.text()

    expect(page).toContain('no money moves')
    expect(page).toContain('Pay €23.97')
    expect(page).toContain('&lt;b&gt;Three')
    expect(page).toContain('For ada@example.org')
    expect(page).not.toContain('<script')
    expect([...page.matchAll(/name="outcome" value="([a-z-]+)"/g)].map(([, value]) => value)).toEqual(
      outcomes.map(({ value }) => value),
    )
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none';style-src 'self';form-action 'self' http://localhost:5000;base-uri 'none';frame-ancestors 'none'",
    )
  })

  it.each([
    ['pay', 'authorized'],
    ['decline', 'declined'],
    ['answer-late', 'authorized'],
    ['answer-lost', 'authorized'],
    ['event-twice', 'authorized'],
    ['event-late', 'authorized'],
    ['event-first', 'authorized'],
  ])('%s leads back to the shop, and the payment is %s', async (outcome, state) => {
    const { body } = await sandbox.start()
    const { status, headers } = await sandbox.choose(body, outcome)
    const { body: listed } = await sandbox.get(`/v1/payments?order_id=${body.order_id}`)

    expect([status, headers.get('location')]).toEqual([303, 'http://localhost:5000/orders/7K3QD-9MX2T'])
    expect(listed.payments?.find(({ id }) => id === body.id)?.state).toBe(state)
  })

  it('asks for confirmation on a second page, and the payment is open until then', async () => {
    const { body } = await sandbox.start()
    const { headers } = await sandbox.choose(body, 'confirm')
    const page = await (await fetch(new URL(headers.get('location') ?? '', sandbox.url))).text()

    expect(page).toContain('Your bank asks')
    expect(page).toContain('Confirm €23.97')
    expect(await stateOf(body)).toBe('open')
    expect(eventsOf(body)).toEqual([])
    await sandbox.choose(body, 'pay')
    expect(await stateOf(body)).toBe('authorized')
  })

  it('changes nothing that is not open, and says what became of it', async () => {
    const { body } = await sandbox.start()
    await sandbox.choose(body, 'pay')
    const again = await sandbox.choose(body, 'decline')

    expect([again.status, await stateOf(body)]).toEqual([303, 'authorized'])
    const page = await (await fetch(`${sandbox.url}/pay/${body.id}`)).text()
    expect(page).toContain('It is authorized')
    expect(page).not.toContain('<form')
  })

  it('takes no other outcome, and knows no other payment', async () => {
    const { body } = await sandbox.start()
    const wrong = await sandbox.choose(body, 'steal')
    const unknown = await fetch(`${sandbox.url}/pay/pay_0`)

    expect([wrong.status, unknown.status]).toEqual([400, 404])
    for (const { headers } of [wrong, unknown])
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await unknown.text()).toContain('There is no such payment.')
    expect(await stateOf(body)).toBe('open')
  })

  it('closes when the payment expires, which an event tells', async () => {
    const { body } = await sandbox.start({ expires_at: new Date(Date.now() + 3_000).toISOString() })
    let state = await stateOf(body)
    while (state === 'open') state = await stateOf(body)
    await sandbox.choose(body, 'pay')
    while (eventsOf(body).length === 0) await sandbox.shop.receives(sandbox.shop.events.length + 1)

    expect([state, await stateOf(body)]).toEqual(['cancelled', 'cancelled'])
    expect(eventsOf(body)).toMatchObject([{ type: 'payment.cancelled' }])
  })
})

describe('the front page', () => {
  it('lists payments, the newest first', async () => {
    const { body } = await sandbox.start({ order_id: 'NEWEST', currency: 'JPY', amount_cents: 1_200 })
    const page = await (await fetch(sandbox.url)).text()

    expect(page).toContain(`<a href="/pay/${body.id}">JP¥1,200 for order NEWEST</a>`)
    expect(page.indexOf('NEWEST')).toBeLessThan(page.indexOf('7K3QD'))
  })
})

describe('the API after an outcome', () => {
  it('drops the connection of the first answer of each operation, after its effect', async () => {
    const { body } = await sandbox.start()
    await sandbox.choose(body, 'answer-lost')
    const capture = () => sandbox.post(`/v1/payments/${body.id}/capture`, {}, 'capture once')

    await expect(sandbox.get(`/v1/payments/${body.id}`)).rejects.toThrow('fetch failed')
    expect(await stateOf(body)).toBe('authorized')
    await expect(capture()).rejects.toThrow('fetch failed')
    expect(await stateOf(body)).toBe('captured')
    const again = await capture()
    expect([again.body.state, again.headers.get('idempotent-replayed')]).toEqual(['captured', 'true'])
  })

  it('answers the first time of each operation late', async () => {
    const { body } = await sandbox.start()
    await sandbox.choose(body, 'answer-late')
    const begunMs = performance.now()
    const { body: late } = await sandbox.post(`/v1/payments/${body.id}/capture`, {}, newKey())

    expect(late.state).toBe('captured')
    expect(performance.now() - begunMs).toBeGreaterThan(290)
  })
})

describe('an event', () => {
  const idsOf = (events: ReceivedEvent[]) => events.map(({ body }) => JSON.parse(body).id)

  it('is signed over its bytes, and tells of every change', async () => {
    await using sandbox = await startSandbox()
    const { body } = await sandbox.start()
    await sandbox.choose(body, 'pay')
    await sandbox.shop.receives(1)
    await sandbox.post(`/v1/payments/${body.id}/capture`, {}, newKey())
    await sandbox.shop.receives(2)
    await sandbox.post(`/v1/payments/${body.id}/refund`, { amount_cents: 1 }, newKey())
    const events = await sandbox.shop.receives(3)

    expect(events.map((event) => JSON.parse(event.body).type)).toEqual([
      'payment.authorized',
      'payment.captured',
      'payment.refunded',
    ])
    for (const { headers, body } of events) {
      const [, seconds = '', signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['sandbox-signature'])) ?? []
      expect(signature).toBe(createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex'))
      expect(Math.abs(Date.now() / 1_000 - Number(seconds))).toBeLessThan(60)
    }
  })

  it('comes again until the shop has taken it', async () => {
    await using shop = await serveShop((nth) => (nth < 3 ? 503 : 200))
    await using sandbox = await startSandbox({}, { shop })
    const { body } = await sandbox.start()
    await sandbox.choose(body, 'pay')

    expect(new Set(idsOf(await shop.receives(3))).size).toBe(1)
  })

  it('comes twice, with one id', async () => {
    const { body } = await sandbox.start()
    await sandbox.choose(body, 'event-twice')
    while (eventsOf(body).length < 2) await sandbox.shop.receives(sandbox.shop.events.length + 1)

    const [first, second] = eventsOf(body)
    expect(second).toEqual(first)
  })

  it('comes before the answer', async () => {
    const { body } = await sandbox.start()
    await sandbox.choose(body, 'event-first')

    expect(eventsOf(body)).toHaveLength(1)
  })

  it('comes late, after those of later payments', async () => {
    const { body: late } = await sandbox.start()
    const { body: next } = await sandbox.start()
    await sandbox.choose(late, 'event-late')
    await sandbox.choose(next, 'event-first')
    await using hasty = await startSandbox({ EVENT_DELAY_MS: '1' })
    const { body: soon } = await hasty.start()
    await hasty.choose(soon, 'event-late')

    expect([eventsOf(late), eventsOf(next)]).toMatchObject([[], [{}]])
    await hasty.shop.receives(1)
    expect(eventsOf(soon, hasty.shop)).toHaveLength(1)
  })
})

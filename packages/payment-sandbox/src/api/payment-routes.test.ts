import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { newKey, newPayment, type Sandbox, startSandbox } from '../sandbox.fixture.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]()
})

describe('a payment', () => {
  it('is open on a page of its own, until the customer pays; then it is captured by hand', async () => {
    const { body: open } = await sandbox.start({ order_id: 'CAPTURED' })
    const tooEarly = await sandbox.post(`/v1/payments/${open.id}/capture`, {}, newKey())
    await sandbox.choose(open, 'pay')
    const { body: authorized } = await sandbox.get(`/v1/payments/${open.id}`)
    const { body: captured } = await sandbox.post(`/v1/payments/${open.id}/capture`, {}, newKey())

    expect(open).toMatchObject({ state: 'open', amount_cents: 2_397, currency: 'EUR', order_id: 'CAPTURED' })
    expect(open.url).toBe(`http://localhost:${new URL(sandbox.url).port}/pay/${open.id}`)
    expect([tooEarly.status, tooEarly.body.error?.code]).toEqual([400, 'unexpected_state'])
    expect(authorized).toEqual({ ...open, state: 'authorized', url: null })
    expect(captured).toEqual({ ...authorized, state: 'captured' })
    expect((await sandbox.get('/v1/payments?order_id=CAPTURED')).body.payments).toEqual([captured])
    expect((await sandbox.get('/v1/payments?order_id=OTHER')).body.payments).toEqual([])
  })

  it('is refunded in parts, and never more than was captured', async () => {
    const { body } = await sandbox.start()
    const refund = (amount_cents: number) => sandbox.post(`/v1/payments/${body.id}/refund`, { amount_cents }, newKey())
    const early = await refund(1)
    await sandbox.choose(body, 'pay')
    await sandbox.post(`/v1/payments/${body.id}/capture`, {}, newKey())

    expect(early.body.error?.code).toBe('unexpected_state')
    expect((await refund(2_000)).body.refunded_cents).toBe(2_000)
    expect((await refund(398)).body.error).toEqual({
      code: 'amount_too_large',
      message: 'only 397 of 2397 cents can be refunded',
    })
    expect((await refund(397)).body).toMatchObject({ state: 'captured', refunded_cents: 2_397 })
  })

  it.each([
    ['an open one', undefined],
    ['an authorized one', 'pay'],
  ])('is cancelled, and cannot be paid or captured then: %s', async (_what, outcome) => {
    const { body } = await sandbox.start()
    if (outcome) await sandbox.choose(body, outcome)

    const { body: cancelled } = await sandbox.post(`/v1/payments/${body.id}/cancel`, {}, newKey())
    await sandbox.choose(body, 'pay')
    const late = await sandbox.post(`/v1/payments/${body.id}/capture`, {}, newKey())

    expect(cancelled).toMatchObject({ state: 'cancelled', url: null })
    expect(late.body.error).toMatchObject({ message: 'a payment that is cancelled cannot be captured' })
    expect((await sandbox.get(`/v1/payments/${body.id}`)).body.state).toBe('cancelled')
  })

  it('of an unknown id does not exist', async () => {
    const unknown = await sandbox.get('/v1/payments/pay_0')
    const captured = await sandbox.post('/v1/payments/pay_0/capture', {}, newKey())

    expect([unknown.status, captured.status]).toEqual([404, 404])
    expect(unknown.body.error).toEqual({ code: 'not_found', message: 'there is no such payment' })
  })
})

describe('the API', () => {
  it.each([undefined, 'Bearer wrong', `Basic ${btoa('x:y')}`])('refuses %s', async (authorization) => {
    const headers = authorization ? { authorization } : {}
    const response = await fetch(`${sandbox.url}/v1/payments?order_id=x`, { headers })

    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: { code: 'unauthenticated' } })
  })

  it.each([
    ['amount_cents', 0],
    ['amount_cents', '2397'],
    ['amount_cents', 100_000_001],
    ['currency', 'eur'],
    ['order_id', ''],
    ['order_id', 'x'.repeat(101)],
    ['return_url', 'javascript:alert(1)'],
    ['return_url', 'http://[::'],
    ['expires_at', 'soon'],
    ['expires_at', '2020-01-01T00:00:00Z'],
    ['expires_at', new Date(Date.now() + 25 * 60 * 60_000).toISOString()],
    ['unknown', 1],
  ])('refuses %s %j, and keeps nothing under the key', async (name, value) => {
    const idempotencyKey = newKey()
    const refused = await sandbox.start({ [name]: value }, idempotencyKey)
    const started = await sandbox.start({}, idempotencyKey)

    expect([refused.status, refused.body.error?.code]).toEqual([400, 'invalid_request'])
    expect(started).toMatchObject({ status: 200, body: { state: 'open' } })
  })

  it('refuses a body that is too large, is no JSON, or has no key', async () => {
    const send = async (headers: Record<string, string>, body: string) => {
      const authorization = 'Bearer a key of the tests of the sandbox'
      const response = await fetch(`${sandbox.url}/v1/payments`, {
        method: 'POST',
        headers: { authorization, ...headers },
        body,
      })
      return [response.status, ((await response.json()) as { error: { code: string } }).error.code]
    }
    const json = { 'content-type': 'application/json', 'idempotency-key': newKey() }

    expect(await send(json, JSON.stringify({ order_id: 'x'.repeat(20_000) }))).toEqual([413, 'invalid_request'])
    expect(await send(json, '{')).toEqual([400, 'invalid_request'])
    expect(await send({ ...json, 'content-type': 'text/plain' }, 'x')).toEqual([415, 'invalid_request'])
    expect(await send({ 'content-type': 'application/json' }, JSON.stringify(newPayment()))).toEqual([
      400,
      'invalid_request',
    ])
    expect(sandbox.errors).toEqual([])
  })
})

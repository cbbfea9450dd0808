import { findPostgres, openMemoryDatabase, openServerDatabase } from '@books/runtime/testing'
import { openTables } from '@books/service'
import { describe, expect, it } from '@jest/globals'
import { newKey, startSandbox } from '../sandbox.fixture.ts'
import { paymentSandbox } from '../service.ts'
import { ApiError } from './api-error.ts'
import { createKeptAnswers } from './kept-answers.ts'

const request = { key: 'a key', method: 'POST', path: '/', body: {} }
const engines = [openMemoryDatabase, ...(findPostgres() ? [openServerDatabase] : [])]

describe('an idempotency key', () => {
  it('answers the same payment again, and makes no other', async () => {
    await using sandbox = await startSandbox()
    const first = await sandbox.start({ order_id: 'ONE', expires_at: tomorrow }, 'same')
    const again = await sandbox.start({ order_id: 'ONE', expires_at: tomorrow }, 'same')

    expect(again.body).toEqual(first.body)
    expect([first, again].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true'])
    expect((await sandbox.get('/v1/payments?order_id=ONE')).body.payments).toHaveLength(1)
  })

  it('answers a payment that has expired meanwhile', async () => {
    await using sandbox = await startSandbox()
    const expires_at = new Date(Date.now() + 3_000).toISOString()
    const first = await sandbox.start({ expires_at }, 'same')
    while (Date.now() <= Date.parse(expires_at)) await sandbox.get('/v1/payments/unknown')

    expect((await sandbox.start({ expires_at }, 'same')).body).toEqual(first.body)
    expect((await sandbox.start({ expires_at }, 'another')).status).toBe(400)
  })

  it('answers an error again, also once it would succeed', async () => {
    await using sandbox = await startSandbox()
    const { body } = await sandbox.start()
    const capture = (key: string) => sandbox.post(`/v1/payments/${body.id}/capture`, {}, key)

    const refused = await capture('refused')
    await sandbox.choose(body, 'pay')

    expect(await capture('refused')).toMatchObject({ status: refused.status, body: refused.body })
    expect((await capture('another')).body.state).toBe('captured')
  })

  it('is refused with another request', async () => {
    await using sandbox = await startSandbox()
    await sandbox.start({ expires_at: tomorrow }, 'same')

    expect(await sandbox.start({ expires_at: tomorrow, amount_cents: 1 }, 'same')).toMatchObject({
      status: 400,
      body: { error: { code: 'idempotency_key_reused' } },
    })
  })

  it('is in conflict while its request runs', async () => {
    await using sandbox = await startSandbox({ ANSWER_DELAY_MS: '600000' })
    const { body } = await sandbox.start()
    await sandbox.choose(body, 'answer-late')
    const capture = () => sandbox.post(`/v1/payments/${body.id}/capture`, {}, 'same')

    const late = capture()
    let conflict = await sandbox.get(`/v1/payments?order_id=${body.order_id}`)
    // Its effect is there before its answer.
    while (conflict.body.payments?.[0]?.state !== 'captured')
      conflict = await sandbox.get(`/v1/payments?order_id=${body.order_id}`)

    expect(await capture()).toMatchObject({ status: 409, body: { error: { code: 'idempotency_key_in_use' } } })
    await sandbox[Symbol.asyncDispose]()
    expect((await late).body.state).toBe('captured')
  })

  it('is not used up by a request that is one too many', async () => {
    await using sandbox = await startSandbox({ ANSWER_DELAY_MS: '600000', API_REQUESTS_AT_A_TIME: '1' })
    const { body } = await sandbox.start()
    await sandbox.choose(body, 'answer-late')
    const held = new AbortController()
    const late = fetch(`${sandbox.url}/v1/payments/${body.id}`, {
      headers: { authorization: 'Bearer a key of the tests of the sandbox' },
      signal: held.signal,
    }).catch(() => {})

    const capture = () => sandbox.post(`/v1/payments/${body.id}/cancel`, {}, newKey())
    let answer = await sandbox.get('/v1/payments/unknown')
    while (answer.status !== 429) answer = await sandbox.get('/v1/payments/unknown')
    const refused = await capture()
    held.abort()
    await late

    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    expect(refused.body.error?.code).toBe('rate_limited')
  })

  it.each(engines)('is forgotten after a day, and kept by one of two processes: %p', async (open) => {
    await using database = await open()
    const tables = await openTables(paymentSandbox, database)
    let nowMs = Date.now()
    const kept = createKeptAnswers(tables, () => new Date(nowMs))
    let made = 0
    const answer = () => kept.answer(request, async () => ({ made: ++made }))

    const first = await answer()
    nowMs += 24 * 60 * 60_000 - 1
    const second = await answer()
    nowMs += 1
    const third = await answer()

    expect([first.body, second.body, third.body]).toEqual(['{"made":1}', '{"made":1}', '{"made":2}'])
  })

  it('keeps nothing of what fails for a reason of its own', async () => {
    await using database = await openMemoryDatabase()
    const tables = await openTables(paymentSandbox, database)
    const kept = createKeptAnswers(tables, () => new Date())

    await expect(kept.answer(request, () => Promise.reject(new Error('the disk is full')))).rejects.toThrow('the disk')
    const refused = await kept.answer(request, () => Promise.reject(new ApiError(402, 'card', 'no')))
    const again = await kept.answer(request, async () => ({ made: 1 }))

    expect([refused.status, again.status, again.isReplayed]).toEqual([402, 402, true])
  })
})

const tomorrow = new Date(Date.now() + 60 * 60_000).toISOString()

import { describe, expect, it } from '@jest/globals'
import type { Placing } from '../history/history.ts'
import {
  answeredKeysStay,
  nothingUnexpected,
  oneOrderForEachKey,
  otherRequestsAreRefused,
  sameAnswersUnderOneKey,
} from './answers.ts'
import { cancelled, confirmed, keyHashOf, placingOf, runOf, seen } from './run.fixture.ts'
import type { OrderRow } from './tables.ts'

const answered = placingOf(confirmed)
const { order: _order, ...unanswered } = answered
const unknown: Placing = { ...unanswered, failure: { code: 'UNAVAILABLE', reason: '' } }

describe('sameAnswersUnderOneKey', () => {
  const find = (...placings: Placing[]) => sameAnswersUnderOneKey(runOf({ history: { placings } }))

  it('passes an order that went on between its answers, and calls whose outcome is not known', () => {
    expect(find(unknown, answered, placingOf(confirmed, { order: { ...seen(confirmed), state: 'reserved' } }))).toEqual(
      [],
    )
  })

  it.each<[string, Partial<Placing>]>([
    ['order', { order: { ...seen(confirmed), id: 'BBBBB-BBBBB' } }],
    ['total', { order: { ...seen(confirmed), totalCents: 1 } }],
    ['secret', { secret: 'another' }],
  ])('finds another %s under a key', (_what, changes) => {
    expect(find(answered, placingOf(confirmed, changes))).toHaveLength(1)
  })
})

describe('oneOrderForEachKey', () => {
  const find = (keys: string[], ...orders: OrderRow[]) =>
    oneOrderForEachKey(runOf({ history: { keys }, tables: { orders } }))
  const key = answered.key
  const other = { ...cancelled, id: 'BBBBB-BBBBB' }

  it('passes orders of different keys, a key that was sent again, and one without an order', () => {
    expect(find([key, key, 'another', 'a third'], confirmed, { ...other, keyHash: keyHashOf('another') })).toEqual([])
  })

  it('finds a second order under a key, and one under a key that was not sent', () => {
    expect(find([key], confirmed, other)).toEqual([`AAAAA-AAAAA and BBBBB-BBBBB were placed under ${key}`])
    expect(find([key], confirmed, { ...other, keyHash: '' })).toEqual([
      'BBBBB-BBBBB was placed under no key that a customer sent',
    ])
  })
})

describe('otherRequestsAreRefused', () => {
  it('passes one that was refused, and finds one that was answered', () => {
    const refused = { ...unanswered, isOtherRequest: true, failure: { code: 'ALREADY_EXISTS', reason: '' } }

    expect(otherRequestsAreRefused(runOf({ history: { placings: [answered, refused] } }))).toEqual([])
    const wrong = { ...answered, isOtherRequest: true }
    expect(otherRequestsAreRefused(runOf({ history: { placings: [wrong] } }))).toEqual([
      'another request under key of AAAAA-AAAAA was answered by AAAAA-AAAAA',
    ])
  })
})

describe('answeredKeysStay', () => {
  const later = { beganAt: answered.endedAt + 1, endedAt: answered.endedAt + 2 }
  const refused: Placing = { ...unanswered, ...later, failure: { code: 'FAILED_PRECONDITION', reason: 'OUT_OF_STOCK' } }
  const find = (placing: Placing, order = confirmed) =>
    answeredKeysStay(runOf({ history: { placings: [answered, placing] }, tables: { orders: [order] } }))

  it('passes unknown outcomes, refusals beside or before the answer, and those of a cancelled order', () => {
    expect(find({ ...unknown, ...later })).toEqual([])
    expect(find({ ...unknown, ...later, failure: { code: 'RESOURCE_EXHAUSTED', reason: '' } })).toEqual([])
    expect(find({ ...refused, beganAt: answered.beganAt })).toEqual([])
    expect(find(refused, cancelled)).toEqual([])
  })

  it('finds a refusal after the answer', () => {
    expect(find(refused)).toEqual([
      'key of AAAAA-AAAAA was answered by AAAAA-AAAAA, and later by FAILED_PRECONDITION OUT_OF_STOCK',
    ])
  })
})

describe('nothingUnexpected', () => {
  it('names each answer that was noted, once', () => {
    expect(nothingUnexpected(runOf({}))).toEqual([])
    const surprises = ['PlaceOrder was answered by INTERNAL', 'PlaceOrder was answered by INTERNAL']
    expect(nothingUnexpected(runOf({ history: { surprises } }))).toEqual(['PlaceOrder was answered by INTERNAL'])
  })
})

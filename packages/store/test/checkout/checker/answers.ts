import { createHash } from 'node:crypto'
import type { Failure, Placing } from '../history/history.ts'
import type { Invariant } from './invariant.ts'

// They say nothing about what the call did.
const unknownOutcomes = new Set(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'CANCELLED', 'INTERNAL', 'UNKNOWN'])

/** Whether a failure leaves open what the call did, or comes of too much to do: the same call is made again. */
export function isUnknown({ code, reason }: Failure): boolean {
  return unknownOutcomes.has(code) || (code === 'RESOURCE_EXHAUSTED' && reason === '')
}

/** All answers under one key are of one order with one secret, lines and total. */
export const sameAnswersUnderOneKey: Invariant = ({ history }) => {
  const byKey = Map.groupBy(history.placings, ({ key }) => key)
  return [...byKey].flatMap(([key, placings]) => {
    const answers = new Set(placings.filter((each) => !each.isOtherRequest && each.order).map(answerOf))
    return answers.size > 1 ? [`${key} was answered by ${[...answers].join(' and by ')}`] : []
  })
}

/** Every order was placed under a key of a customer, and no other one under the same, also where its answer was lost. */
export const oneOrderForEachKey: Invariant = ({ history, tables }) => {
  const keys = new Map([...new Set(history.keys)].map((key) => [hashOf(key), key]))
  return [...Map.groupBy(tables.orders, ({ keyHash }) => keyHash)].flatMap(([keyHash, orders]) => {
    const ids = orders.map(({ id }) => id).join(' and ')
    const key = keys.get(keyHash)
    if (key === undefined) return [`${ids} was placed under no key that a customer sent`]
    return orders.length > 1 ? [`${ids} were placed under ${key}`] : []
  })
}

/** Another request under a key that was answered is refused. */
export const otherRequestsAreRefused: Invariant = ({ history }) =>
  history.placings
    .filter(({ isOtherRequest, order }) => isOtherRequest && order)
    .map(({ key, order }) => `another request under ${key} was answered by ${order?.id}`)

/** Once a key was answered by an order, it is not refused, unless that order was cancelled. */
export const answeredKeysStay: Invariant = ({ history, tables }) => {
  const states = new Map(tables.orders.map(({ id, state }) => [id, state]))
  const byKey = Map.groupBy(
    history.placings.filter(({ isOtherRequest }) => !isOtherRequest),
    ({ key }) => key,
  )
  return [...byKey].flatMap(([key, placings]) => {
    const answered = placings.find(({ order }) => order)
    const refused = placings.find(
      ({ failure, beganAt }) => failure && !isUnknown(failure) && answered && beganAt > answered.endedAt,
    )
    const id = answered?.order?.id ?? ''
    return refused && states.get(id) !== 'cancelled'
      ? [`${key} was answered by ${id}, and later by ${refused.failure?.code} ${refused.failure?.reason}`]
      : []
  })
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

function answerOf({ order, secret }: Placing): string {
  return JSON.stringify([order?.id, secret, order?.totalCents, order?.lines])
}

/** No customer got an answer that they should not get, and no process ended by itself. */
export const nothingUnexpected: Invariant = ({ history }) => [...new Set(history.surprises)]

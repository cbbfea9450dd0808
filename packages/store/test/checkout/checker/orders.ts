import { type Sighting, type State, states } from '../history/history.ts'
import type { Invariant, Run } from './invariant.ts'
import type { OrderRow } from './tables.ts'

const finalWithinMs = 30_000
// Of such a payment two answers of the provider come too late, ten seconds each after it is asked, which a fault may put off.
const lateAnswers = { name: 'answers late', ms: 20_000 }

/** Every order that an answer showed exists as it was shown. */
export const acknowledgedOrdersExist: Invariant = ({ history, tables }) => {
  const totals = new Map(tables.orders.map(({ id, totalCents }) => [id, totalCents]))
  const shown = new Map(history.placings.flatMap(({ order }) => (order ? [[order.id, order.totalCents]] : [])))
  return [...shown]
    .filter(([id, totalCents]) => totals.get(id) !== totalCents)
    .map(
      ([id, totalCents]) => `${id} was shown with a total of ${totalCents}, and now ${totals.get(id) ?? 'is no order'}`,
    )
}

/** What was final stays as it was; no order goes back, and one that was captured is not cancelled. */
export const finalStatesNeverChange: Invariant = (run) => {
  const now = new Map(run.tables.orders.map(({ id, state }) => [id, state]))
  return [...Map.groupBy(sightingsOf(run), ({ orderId }) => orderId)].flatMap(([id, sightings]) => {
    const sorted = sightings.toSorted((a, b) => a.beganAt - b.beganAt)
    const state = now.get(id)
    const end: Sighting[] = state ? [{ orderId: id, state, beganAt: Infinity, endedAt: Infinity }] : []
    const problems = new Set<string>()
    // The furthest state that was shown before a moment, by the time at which its answer was there.
    const byEnd = sightings.toSorted((a, b) => a.endedAt - b.endedAt)
    let furthest: State = 'placed'
    let shown = 0
    for (const later of [...sorted, ...end]) {
      for (; shown < byEnd.length && byEnd[shown]!.endedAt < later.beganAt; shown++) {
        if (states.indexOf(byEnd[shown]!.state) > states.indexOf(furthest)) furthest = byEnd[shown]!.state
      }
      if (!mayFollow(furthest, later.state)) problems.add(`${id} was ${furthest}, and later ${later.state}`)
    }
    return [...problems]
  })
}

/** Every order is final, with no work left, within 30 s of the last fault, its customer's last action, or its time to pay. */
export const ordersBecomeFinal: Invariant = ({ history, tables }) => {
  const lastFaultAt = Math.max(0, ...history.faults.map(({ endedAt }) => endedAt))
  const lastActions = lastActionsOf(history)
  const answeredLate = new Set(
    history.actions.flatMap(({ orderId, name }) => (name === lateAnswers.name ? orderId : [])),
  )
  return tables.orders.flatMap((order) => {
    const { id, state, finalAt, isWorkLeft } = order
    if (finalAt === undefined) return [`${id} is still ${state}`]
    if (isWorkLeft) return [`${id} is ${state}, and work is left`]
    const lateMs = answeredLate.has(id) ? lateAnswers.ms : 0
    const tookMs = finalAt - Math.max(lastFaultAt, lastActions.get(id) ?? 0, waitedUntil(order)) - lateMs
    return tookMs > finalWithinMs ? [`${id} became final after ${(tookMs / 1_000).toFixed(1)} s`] : []
  })
}

/** A cart has one order at a time that is paid. */
export const oneOpenOrderOfACart: Invariant = ({ tables }) => {
  const paid = tables.orders.filter(({ state }) => state === 'confirmed')
  return [...Map.groupBy(paid, ({ cartId }) => cartId)].flatMap(([cartId, orders]) => {
    const sorted = orders.toSorted((a, b) => a.placedAt - b.placedAt)
    return sorted.flatMap((order, index) => {
      const next = sorted[index + 1]
      const overlaps = next && next.placedAt < (order.finalAt ?? Infinity)
      return overlaps ? [`${order.id} and ${next.id} of cart ${cartId} were both open, and are both confirmed`] : []
    })
  })
}

function mayFollow(earlier: State, later: State): boolean {
  if (later === earlier) return true
  if (later === 'cancelled') return earlier !== 'captured' && earlier !== 'confirmed'
  return states.indexOf(later) > states.indexOf(earlier)
}

function sightingsOf({ history }: Run): Sighting[] {
  const placed = history.placings.flatMap(({ order, beganAt, endedAt }) =>
    order ? [{ orderId: order.id, state: order.state, beganAt, endedAt }] : [],
  )
  return [...placed, ...history.sightings]
}

function lastActionsOf({ placings, actions }: Run['history']): Map<string, number> {
  const last = new Map<string, number>()
  const note = (id: string, at: number) => void last.set(id, Math.max(last.get(id) ?? 0, at))
  for (const { orderId, endedAt } of actions) note(orderId, endedAt)
  for (const { order, endedAt } of placings) if (order) note(order.id, endedAt)
  return last
}

// An order that is not paid waits for its customer.
function waitedUntil({ cancelReason, payUntil, placedAt }: OrderRow): number {
  return cancelReason === 'expired' ? payUntil : placedAt
}

import { setTimeout } from 'node:timers/promises'
import type { Dependency } from './dependencies.fixture.ts'
import type { Fault } from './faults.fixture.ts'
import type { RunningDependency } from './running-dependency.fixture.ts'
import type { ShopProcess } from './shop-process.fixture.ts'
import { startVisitors, type Visit, visitAll } from './visits.fixture.ts'

/** A fault of a dependency. */
export interface Injection {
  dependency: Dependency
  running: RunningDependency
  fault: Fault
}

/** The rate of visits, and the phases of a cell in milliseconds. */
export interface Pace {
  visitsPerSecond: number
  /** The time before the fault. */
  healthyMs: number
  /** The time of the fault after the circuit breaker opened. */
  faultyMs: number
  /** The time until no cached answer is fresh and no request waits for an answer. */
  settleMs: number
}

/** The record of a cell. Times are in milliseconds since 1970. */
export interface Cell {
  injections: readonly Injection[]
  visits: readonly Visit[]
  /** The same visits to a shop without faults. */
  referenceVisits: readonly Visit[]
  faultAt: number
  /** From this time a total fault shows on every affected page. */
  settledAt: number
  endingAt: number
  endedAt: number
  /** When every page was complete again; infinite after half a minute. */
  recoveredAt: number
}

const recoveredWithinMs = 30_000
const openedWithinMs = 10_000
const pollMs = 50

/**
 * Injects faults and removes them while pages are visited. The same visits go to a reference shop without faults, if there is
 * one, so that the effect of other load on the machine can be subtracted.
 */
export async function runCell(
  shop: ShopProcess,
  injections: readonly Injection[],
  pace: Pace,
  reference?: ShopProcess,
): Promise<Cell> {
  await untilComplete(shop.origin)
  const visitors = startVisitors(shop.origin, pace.visitsPerSecond)
  const referenceVisitors = reference && startVisitors(reference.origin, pace.visitsPerSecond)
  await setTimeout(pace.healthyMs)

  const faultAt = Date.now()
  await Promise.all(injections.map(async ({ fault, running }) => fault.begin(running)))
  const settledAt = Date.now() + pace.settleMs
  await untilOpen(shop, injections)
  await setTimeout(pace.faultyMs)

  const endingAt = Date.now()
  await Promise.all(injections.map(async ({ fault, running }) => fault.end(running)))
  const endedAt = Date.now()
  const recoveredAt = await untilComplete(shop.origin)
  await Promise.all([visitors.stop(), referenceVisitors?.stop()])
  const { visits } = visitors
  const { visits: referenceVisits = [] } = referenceVisitors ?? {}
  return { injections, visits, referenceVisits, faultAt, settledAt, endingAt, endedAt, recoveredAt }
}

/** Resolves once the circuit breakers of all total faults are open, or after a time limit. */
async function untilOpen(shop: ShopProcess, injections: readonly Injection[]): Promise<void> {
  const giveUpAt = Date.now() + openedWithinMs
  const isOpen = ({ dependency, fault }: Injection) => !fault.isTotal || shop.wasOpen(dependency.name, Date.now())
  while (!injections.every(isOpen) && Date.now() < giveUpAt) await setTimeout(pollMs)
}

/** Resolves to the time at which every page was complete. */
async function untilComplete(origin: string): Promise<number> {
  const giveUpAt = Date.now() + recoveredWithinMs
  while (Date.now() < giveUpAt) {
    const seenAt = Date.now()
    const seen = await visitAll(origin)
    if (seen.every(({ isComplete }) => isComplete)) return seenAt
    await setTimeout(pollMs)
  }
  return Number.POSITIVE_INFINITY
}

import { setTimeout } from 'node:timers/promises'
import type { Dependency } from './dependencies.fixture.ts'
import type { Fault } from './faults.fixture.ts'
import type { RunningDependency } from './running-dependency.fixture.ts'
import type { ShopProcess } from './shop-process.fixture.ts'
import { startVisitors, type Visit, visitAll } from './visits.fixture.ts'

/** A dependency in trouble. */
export interface Trouble {
  dependency: Dependency
  running: RunningDependency
  fault: Fault
}

/** How a cell is run, in milliseconds. */
export interface Pace {
  visitsPerSecond: number
  /** How long visitors come before the trouble, and how long it lasts once it is noticed. */
  healthyMs: number
  troubledMs: number
  /** How long it takes until nothing that was fresh is fresh any more, and nobody waits for an answer. */
  settleMs: number
}

/** What happened in a cell. Times are in milliseconds since 1970. */
export interface Cell {
  troubles: readonly Trouble[]
  visits: readonly Visit[]
  /** Those of the same visitors to another shop, which was well all the time. */
  twinVisits: readonly Visit[]
  troubledAt: number
  /** From when on an outage shows on every page that it concerns. */
  settledAt: number
  healingAt: number
  healedAt: number
  /** When every page was whole again; infinite if that took longer than half a minute. */
  wholeAt: number
}

const wholeWithinMs = 30_000
const noticedWithinMs = 10_000
const lookEveryMs = 50

/**
 * Lets trouble come and go while visitors walk through the shop. Where there is a twin of it, which is well, they walk
 * through that at the same time: what troubles the whole machine takes as long in both.
 */
export async function runCell(
  shop: ShopProcess,
  troubles: readonly Trouble[],
  pace: Pace,
  twin?: ShopProcess,
): Promise<Cell> {
  await untilWhole(shop.origin)
  const visitors = startVisitors(shop.origin, pace.visitsPerSecond)
  const twinVisitors = twin && startVisitors(twin.origin, pace.visitsPerSecond)
  await setTimeout(pace.healthyMs)

  const troubledAt = Date.now()
  await Promise.all(troubles.map(async ({ fault, running }) => fault.begin(running)))
  const settledAt = Date.now() + pace.settleMs
  await untilLeftAlone(shop, troubles)
  await setTimeout(pace.troubledMs)

  const healingAt = Date.now()
  await Promise.all(troubles.map(async ({ fault, running }) => fault.end(running)))
  const healedAt = Date.now()
  const wholeAt = await untilWhole(shop.origin)
  await Promise.all([visitors.stop(), twinVisitors?.stop()])
  const { visits } = visitors
  const { visits: twinVisits = [] } = twinVisitors ?? {}
  return { troubles, visits, twinVisits, troubledAt, settledAt, healingAt, healedAt, wholeAt }
}

/** Resolves once everything that answers nobody is left alone, or should have been long ago. */
async function untilLeftAlone(shop: ShopProcess, troubles: readonly Trouble[]): Promise<void> {
  const giveUpAt = Date.now() + noticedWithinMs
  const isNoticed = ({ dependency, fault }: Trouble) => !fault.isTotal || shop.wasLeftAlone(dependency.name, Date.now())
  while (!troubles.every(isNoticed) && Date.now() < giveUpAt) await setTimeout(lookEveryMs)
}

/** Resolves to the time at which every page was whole. */
async function untilWhole(origin: string): Promise<number> {
  const giveUpAt = Date.now() + wholeWithinMs
  while (Date.now() < giveUpAt) {
    const seenAt = Date.now()
    const seen = await visitAll(origin)
    if (seen.every(({ isWhole }) => isWhole)) return seenAt
    await setTimeout(lookEveryMs)
  }
  return Number.POSITIVE_INFINITY
}

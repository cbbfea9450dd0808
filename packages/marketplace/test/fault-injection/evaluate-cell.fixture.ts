import { pages } from './pages.fixture.ts'
import type { Cell, Injection } from './run-cell.fixture.ts'
import type { ShopProcess } from './shop-process.fixture.ts'
import type { Visit } from './visits.fixture.ts'

/** The evaluation of a cell. */
export interface Evaluation {
  /** What was wrong, each message once. */
  failures: string[]
  /** Visits of pages with secondary content from a faulty dependency, before its circuit breaker opened. */
  waitingForSecondary: Visit[]
  /** The same for pages that are there to show its answers. */
  waiting: Visit[]
  /** The same, with open circuit breakers. */
  open: Visit[]
  /** Visits of the other pages during the fault. */
  others: Visit[]
  /** The time until all their circuit breakers opened; undefined where one never did. */
  openedAfterMs: number | undefined
  /** The time from the end of the fault until every page was complete. */
  recoveredAfterMs: number
}

/** Evaluates the visits of a cell, except their times. */
export function evaluateCell(cell: Cell, shop: ShopProcess): Evaluation {
  const { injections, visits, faultAt, endedAt, recoveredAt } = cell
  const meanwhile = visits.filter(({ beganAt, tookMs }) => beganAt + tookMs >= faultAt)
  const affected = meanwhile.filter((visit) => injectionsFor(visit, injections).length > 0)
  const isOpen = (visit: Visit) =>
    injectionsFor(visit, injections).every(({ dependency: { name } }) => shop.wasOpen(name, visit.beganAt))
  const open = affected.filter(isOpen)
  const waiting = affected.filter((visit) => !open.includes(visit))
  const isOwn = ({ page }: Visit) => injections.some(({ dependency }) => dependency.ownPages.includes(page))
  const openFrom = Math.min(...open.map(({ beganAt }) => beganAt))

  return {
    failures: [...new Set([...visits.flatMap((visit) => failuresOf(visit, cell)), ...shop.errors])],
    waitingForSecondary: waiting.filter((visit) => !isOwn(visit)),
    waiting: waiting.filter(isOwn),
    open,
    others: meanwhile.filter((visit) => !affected.includes(visit)),
    openedAfterMs: open.length > 0 ? openFrom - faultAt : undefined,
    recoveredAfterMs: recoveredAt - endedAt,
  }
}

/** The difference of the 99th percentiles of visits and of the same visits to the reference shop, in milliseconds. */
export function addedMs(visits: readonly Visit[], referenceVisits: readonly Visit[]): number {
  const numbers = new Set(visits.map(({ nth }) => nth))
  return p99Of(visits) - p99Of(referenceVisits.filter(({ nth }) => numbers.has(nth)))
}

/** The 99th percentile of the times of visits, in milliseconds. */
function p99Of(visits: readonly Visit[]): number {
  const times = visits.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b)
  return times[Math.ceil(times.length * 0.99) - 1] ?? Number.NaN
}

function failuresOf(visit: Visit, { injections, faultAt, settledAt, endingAt }: Cell): string[] {
  const { page, status, fallbacks, isComplete, beganAt, tookMs } = visit
  if (status !== 200) return [`${page} answered ${status}`]
  if (!isComplete && fallbacks.length === 0) return [`${page} was incomplete without a fallback`]

  const allowed = beganAt + tookMs < faultAt ? [] : injectionsFor(visit, injections)
  const isSettled = beganAt >= settledAt && beganAt + tookMs < endingAt
  const required =
    isSettled && !pages[page].isForPrograms
      ? allowed.filter(({ fault, dependency }) => fault.isTotal && dependency.pages.includes(page))
      : []
  return [
    ...fallbacks
      .filter((fallback) => !allowed.some(({ dependency }) => dependency.name === fallback))
      .map((fallback) => `${page} fell back for ${fallback}, which had no fault`),
    ...required
      .filter(({ dependency }) => !fallbacks.includes(dependency.name))
      .map(({ dependency }) => `${page} did not mark its fallback for ${dependency.name}`),
  ]
}

function injectionsFor({ page }: Visit, injections: readonly Injection[]): Injection[] {
  return injections.filter(({ dependency: { pages, conditionalPages = [] } }) =>
    [...pages, ...conditionalPages].includes(page),
  )
}

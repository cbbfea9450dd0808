import { pages } from './pages.fixture.ts'
import type { Cell, Trouble } from './run-cell.fixture.ts'
import type { ShopProcess } from './shop-process.fixture.ts'
import type { Visit } from './visits.fixture.ts'

/** What a cell comes to. */
export interface Verdict {
  /** What should not have been, in words, each thing once. */
  complaints: string[]
  healthy: Visit[]
  /** Visits of pages that show what is in trouble, until all of that was left alone. */
  waiting: Visit[]
  /** The same, once all of that was left alone. */
  sheltered: Visit[]
  /** Visits of the other pages meanwhile. */
  others: Visit[]
  /** How long it took until all that is in trouble was left alone; undefined where it never was. */
  leftAloneAfterMs: number | undefined
  /** How long after the trouble was over every page was whole. */
  wholeAfterMs: number
}

/** Judges what visitors saw, whatever it took. */
export function judgeCell(cell: Cell, shop: ShopProcess): Verdict {
  const { troubles, visits, troubledAt, healedAt, wholeAt } = cell
  const healthy = visits.filter(({ beganAt, tookMs }) => beganAt + tookMs < troubledAt)
  const meanwhile = visits.filter((visit) => !healthy.includes(visit))
  const concerned = meanwhile.filter((visit) => troublesOf(visit, troubles).length > 0)
  const isSheltered = (visit: Visit) =>
    troublesOf(visit, troubles).every(({ dependency: { name } }) => shop.wasLeftAlone(name, visit.beganAt))
  const sheltered = concerned.filter(isSheltered)
  const shelteredFrom = Math.min(...sheltered.map(({ beganAt }) => beganAt))

  return {
    complaints: [...new Set([...visits.flatMap((visit) => complaintsOf(visit, cell)), ...shop.errors])],
    healthy,
    waiting: concerned.filter((visit) => !sheltered.includes(visit)),
    sheltered,
    others: meanwhile.filter((visit) => !concerned.includes(visit)),
    leftAloneAfterMs: sheltered.length > 0 ? shelteredFrom - troubledAt : undefined,
    wholeAfterMs: wholeAt - healedAt,
  }
}

/** How much longer visits took than those of the same visitors to the twin did, at the 99th percentile, in milliseconds. */
export function addedMs(visits: readonly Visit[], twinVisits: readonly Visit[]): number {
  const came = new Set(visits.map(({ nth }) => nth))
  return p99Of(visits) - p99Of(twinVisits.filter(({ nth }) => came.has(nth)))
}

/** The time that all but one of a hundred visits were within, in milliseconds. */
export function p99Of(visits: readonly Visit[]): number {
  const times = visits.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b)
  return times[Math.ceil(times.length * 0.99) - 1] ?? Number.NaN
}

function complaintsOf(visit: Visit, { troubles, troubledAt, settledAt, healingAt }: Cell): string[] {
  const { page, status, fallbacks, isWhole, beganAt, tookMs } = visit
  if (status !== 200) return [`${page} answered ${status}`]
  if (!isWhole && fallbacks.length === 0) return [`${page} lacked something and did not say so`]

  const mayLack = beganAt + tookMs < troubledAt ? [] : troublesOf(visit, troubles)
  const isSettled = beganAt >= settledAt && beganAt + tookMs < healingAt
  const lacks = isSettled && !pages[page].isForPrograms ? mayLack.filter(({ fault }) => fault.isTotal) : []
  return [
    ...fallbacks
      .filter((fallback) => !mayLack.some(({ dependency }) => dependency.name === fallback))
      .map((fallback) => `${page} fell back for ${fallback}, which was well`),
    ...lacks
      .filter(({ dependency }) => !fallbacks.includes(dependency.name))
      .map(({ dependency }) => `${page} did not say that it fell back for ${dependency.name}`),
  ]
}

function troublesOf({ page }: Visit, troubles: readonly Trouble[]): Trouble[] {
  return troubles.filter(({ dependency }) => dependency.pages.includes(page))
}

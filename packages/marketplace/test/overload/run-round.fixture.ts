import { paths } from '../../src/pages/paths.ts'
import { pages, type Request } from '../fault-injection/pages.fixture.ts'
import type { ShopProcess } from '../fault-injection/shop-process.fixture.ts'
import { percentile, split } from './figures.fixture.ts'
import type { Load } from './load.fixture.ts'
import type { Order, Outcome } from './load-process.fixture.ts'
import { cpuMsOf } from './process-cpu.fixture.ts'
import type { RefusalPrice } from './refusal-price.fixture.ts'

/** The measurements of a round. Rates are per second, times in milliseconds. */
export interface Round {
  bestRate: number
  servedRate: number
  servedP50Ms: number
  servedP99Ms: number
  refusedRate: number
  refusedP50Ms: number
  refusedP99Ms: number
  /** Visits without a response. */
  lost: number
  /** CPU time of a rejection by bare `node:http` under the same load. */
  refusalMs: number
  /** The rate that is left for pages where each rejection of the overload costs only that. */
  boundRate: number
  /** The served rate relative to that bound. */
  ofBound: number
  /** CPU time that the pages and rejections would take at best, relative to what the shop took; NaN where the system does not report it. */
  perCpu: number
  /** The time from the end of the overload until the last visit that was not served. */
  normalMs: number
  /** The longest response time of a health check; infinite where one failed. */
  aliveMs: number
  /** The same of the checkout, and of the order that it leads to. */
  payingMs: number
}

/** What a round needs. */
export interface RoundDeps {
  shop: ShopProcess
  load: Load
  /** Sends health checks, and a visitor who is paying, from processes of their own. */
  checks: { alive: Load; paying: Load }
  refusalPrice: RefusalPrice
  requests: readonly Request[]
  /** The overload, as a multiple of the best rate. */
  times: number
}

interface BestRate {
  rate: number
  /** CPU time of a page. */
  cpuMsEach: number
}

const laneCounts = [8, 16]
const measureMs = 3_000
const overloadMs = 10_000
const afterMs = 10_000
// Until the first visits of the overload have been answered.
const settleMs = 1_000
const checksPerSecond = 8
// With one visit at a time on each, like the connections of a proxy.
const connections = 2_000

/**
 * Measures an overload, the time after it, and the best rate: before and after these, as the speed of a machine that others share differs by a fifth from
 * second to second.
 */
export async function runRound({ shop, load, checks, refusalPrice, requests, times }: RoundDeps): Promise<Round> {
  const port = Number(new URL(shop.origin).port)
  const send = (pace: Order['pace'], durationMs: number) => load.send({ port, requests, durationMs, pace, connections })

  const measureBest = async () => {
    const measured: BestRate[] = []
    for (const atATime of laneCounts) {
      const [outcome, cpuMs] = await Promise.all([send({ atATime }, measureMs), cpuMsOf(shop.pid, 0, measureMs)])
      const { length } = split(outcome).served.tookMs
      measured.push({ rate: (length / measureMs) * 1_000, cpuMsEach: cpuMs / length })
    }
    return measured.reduce((one, other) => (other.rate > one.rate ? other : one))
  }

  const before = await measureBest()
  const pace = { perSecond: before.rate * times }
  const check = (sender: Load, checked: readonly Request[]) =>
    sender.send({
      ...{ port, requests: checked, durationMs: overloadMs },
      ...{ pace: { perSecond: checksPerSecond }, connections, reconnects: true },
    })
  const [flood, cpuMs, alive, paying] = await Promise.all([
    send(pace, overloadMs),
    cpuMsOf(shop.pid, settleMs, overloadMs),
    check(checks.alive, [{ path: paths.healthz }, { path: paths.readyz }]),
    check(checks.paying, [pages.checkout.request(0), pages.order.request(0)]),
  ])
  const after = split(await send({ perSecond: before.rate / 2 }, afterMs))
  const best = mean(before, await measureBest())
  const refusalMs = await refusalPrice.measure(load, { requests, pace, connections })

  const { served, refused } = split(flood, settleMs, overloadMs)
  const seconds = (overloadMs - settleMs) / 1_000
  const servedRate = served.tookMs.length / seconds
  const refusedRate = refused.tookMs.length / seconds
  const boundRate = best.rate * (1 - (refusedRate * refusalMs) / 1_000)
  const leastCpuMs = served.tookMs.length * best.cpuMsEach + refused.tookMs.length * refusalMs
  return {
    bestRate: best.rate,
    servedRate,
    servedP50Ms: percentile(served.tookMs, 0.5),
    servedP99Ms: percentile(served.tookMs, 0.99),
    refusedRate,
    refusedP50Ms: percentile(refused.tookMs, 0.5),
    refusedP99Ms: percentile(refused.tookMs, 0.99),
    lost: split(flood).lost.tookMs.length,
    ...{ refusalMs, boundRate },
    ofBound: servedRate / boundRate,
    perCpu: leastCpuMs / cpuMs,
    normalMs: Math.max(0, ...after.refused.dueMs, ...after.lost.dueMs),
    aliveMs: slowest(alive),
    payingMs: slowest(paying),
  }
}

function mean(one: BestRate, other: BestRate): BestRate {
  return { rate: (one.rate + other.rate) / 2, cpuMsEach: (one.cpuMsEach + other.cpuMsEach) / 2 }
}

/** The longest response time; infinite where a visit was not answered with 200. */
function slowest({ kinds, tookMs }: Outcome): number {
  return kinds.every((kind) => kind === 'served') ? Math.max(...tookMs) : Number.POSITIVE_INFINITY
}

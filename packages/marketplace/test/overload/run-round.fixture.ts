import { get } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { paths } from '../../src/pages/paths.ts'
import { pages, type Request } from '../fault-injection/pages.fixture.ts'
import type { ShopProcess } from '../fault-injection/shop-process.fixture.ts'
import { percentile, split } from './figures.fixture.ts'
import type { Load } from './load.fixture.ts'
import type { Order } from './load-process.fixture.ts'
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
  refusalPrice: RefusalPrice
  requests: readonly Request[]
  /** The overload, as a multiple of the best rate. */
  times: number
}

const laneCounts = [8, 16]
const measureMs = 3_000
const overloadMs = 10_000
const afterMs = 10_000
// Until the first visits of the overload have been answered.
const settleMs = 1_000
const checkEveryMs = 250
// With one visit at a time on each, like the connections of a proxy.
const connections = 2_000

/** Finds the best rate, then measures an overload and the time after it. */
export async function runRound({ shop, load, refusalPrice, requests, times }: RoundDeps): Promise<Round> {
  const port = Number(new URL(shop.origin).port)
  const send = (pace: Order['pace'], durationMs: number) => load.send({ port, requests, durationMs, pace, connections })

  const best = { rate: 0, cpuMsEach: 0 }
  for (const atATime of laneCounts) {
    const [outcome, cpuMs] = await Promise.all([send({ atATime }, measureMs), cpuMsOf(shop.pid, 0, measureMs)])
    const { length } = split(outcome).served.tookMs
    if (length / measureMs > best.rate / 1_000)
      Object.assign(best, { rate: (length / measureMs) * 1_000, cpuMsEach: cpuMs / length })
  }

  const pace = { perSecond: best.rate * times }
  const [flood, cpuMs, aliveMs, payingMs] = await Promise.all([
    send(pace, overloadMs),
    cpuMsOf(shop.pid, settleMs, overloadMs),
    slowestAnswer(shop, overloadMs, () => [{ path: paths.healthz }, { path: paths.readyz }]),
    slowestAnswer(shop, overloadMs, (nth) => [pages.checkout.request(nth), pages.order.request(nth)]),
  ])
  const after = split(await send({ perSecond: best.rate / 2 }, afterMs))
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
    ...{ aliveMs, payingMs },
  }
}

/** The longest response time of requests now and then, each on a new connection; infinite where one was not answered with 200. */
async function slowestAnswer(
  { origin }: ShopProcess,
  durationMs: number,
  requestsOf: (nth: number) => readonly Request[],
): Promise<number> {
  const waits: Promise<number>[] = []
  for (let nth = 0; nth * checkEveryMs < durationMs; nth++) {
    for (const request of requestsOf(nth)) waits.push(waitFor(origin, request))
    await setTimeout(checkEveryMs)
  }
  return Math.max(...(await Promise.all(waits)))
}

async function waitFor(origin: string, { path, cookie }: Request): Promise<number> {
  const began = performance.now()
  const status = await new Promise((resolve) => {
    get(`${origin}${path}`, { agent: false, headers: cookie ? { cookie } : {} }, (response) =>
      response.resume().on('end', () => resolve(response.statusCode)),
    ).on('error', resolve)
  })
  return status === 200 ? performance.now() - began : Number.POSITIVE_INFINITY
}

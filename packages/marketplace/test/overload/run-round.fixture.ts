import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { paths } from '../../src/pages/paths.ts'
import type { Request } from '../fault-injection/pages.fixture.ts'
import type { ShopProcess } from '../fault-injection/shop-process.fixture.ts'
import { percentile, split } from './figures.fixture.ts'
import type { Load } from './load.fixture.ts'
import type { Order } from './load-process.fixture.ts'

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
  /** The served rate relative to the best rate. */
  served: number
  /** The same by CPU time of the shop; NaN where the system does not report it. */
  perCpu: number
  /** The time from the end of the overload until the last visit that was not served. */
  normalMs: number
  /** The longest response time of a health check. */
  aliveMs: number
}

/** What a round needs. */
export interface RoundDeps {
  shop: ShopProcess
  load: Load
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
export async function runRound({ shop, load, requests, times }: RoundDeps): Promise<Round> {
  const port = Number(new URL(shop.origin).port)
  const send = (pace: Order['pace'], durationMs: number) => load.send({ port, requests, durationMs, pace, connections })

  const best = { rate: 0, cpuMsEach: 0 }
  for (const atATime of laneCounts) {
    const [outcome, cpuMs] = await Promise.all([send({ atATime }, measureMs), cpuMsOf(shop, 0, measureMs)])
    const { length } = split(outcome).served.tookMs
    if (length / measureMs > best.rate / 1_000)
      Object.assign(best, { rate: (length / measureMs) * 1_000, cpuMsEach: cpuMs / length })
  }

  const [flood, cpuMs, aliveMs] = await Promise.all([
    send({ perSecond: best.rate * times }, overloadMs),
    cpuMsOf(shop, settleMs, overloadMs),
    slowestHealthCheck(shop, overloadMs),
  ])
  const after = split(await send({ perSecond: best.rate / 2 }, afterMs))

  const { served, refused } = split(flood, settleMs, overloadMs)
  const seconds = (overloadMs - settleMs) / 1_000
  const servedRate = served.tookMs.length / seconds
  return {
    bestRate: best.rate,
    servedRate,
    servedP50Ms: percentile(served.tookMs, 0.5),
    servedP99Ms: percentile(served.tookMs, 0.99),
    refusedRate: refused.tookMs.length / seconds,
    refusedP50Ms: percentile(refused.tookMs, 0.5),
    refusedP99Ms: percentile(refused.tookMs, 0.99),
    lost: split(flood).lost.tookMs.length,
    served: servedRate / best.rate,
    perCpu: (served.tookMs.length * best.cpuMsEach) / cpuMs,
    normalMs: Math.max(0, ...after.refused.dueMs, ...after.lost.dueMs),
    aliveMs,
  }
}

/** The longest response time of health checks, each on a new connection; infinite where one failed. */
async function slowestHealthCheck({ origin }: ShopProcess, durationMs: number): Promise<number> {
  const waits: Promise<number>[] = []
  for (let checkedMs = 0; checkedMs < durationMs; checkedMs += checkEveryMs) {
    for (const path of [paths.healthz, paths.readyz]) waits.push(waitFor(`${origin}${path}`))
    await setTimeout(checkEveryMs)
  }
  return Math.max(...(await Promise.all(waits)))
}

async function waitFor(url: string): Promise<number> {
  const began = performance.now()
  const status = await new Promise((resolve) => {
    get(url, { agent: false }, (response) => response.resume().on('end', () => resolve(response.statusCode))).on(
      'error',
      resolve,
    )
  })
  return status === 200 ? performance.now() - began : Number.POSITIVE_INFINITY
}

/** The CPU time of the shop between two times from now. */
async function cpuMsOf({ pid }: ShopProcess, fromMs: number, toMs: number): Promise<number> {
  await setTimeout(fromMs)
  const before = readCpuMs(pid)
  await setTimeout(toMs - fromMs)
  return readCpuMs(pid) - before
}

// In hundredths of a second; available only on Linux.
function readCpuMs(pid: number): number {
  try {
    const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').slice(13, 15).map(Number)
    return (user + system) * 10
  } catch {
    return Number.NaN
  }
}

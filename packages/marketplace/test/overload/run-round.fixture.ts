import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { paths } from '../../src/pages/paths.ts'
import type { Request } from '../fault-injection/pages.fixture.ts'
import type { ShopProcess } from '../fault-injection/shop-process.fixture.ts'
import { percentile, split } from './figures.fixture.ts'
import type { Load } from './load.fixture.ts'
import type { Order } from './load-process.fixture.ts'

/** What a round came to. Rates are by the second, times in milliseconds. */
export interface Round {
  bestRate: number
  servedRate: number
  servedP50Ms: number
  servedP99Ms: number
  refusedRate: number
  refusedP50Ms: number
  refusedP99Ms: number
  /** Visitors without an answer. */
  lost: number
  /** What was served of the best rate. */
  served: number
  /** The same by the time that the shop had on a processor; not a number where the system does not tell. */
  perCpu: number
  /** How long after the overload the last visitor was not served. */
  normalMs: number
  /** The longest that orchestrators waited for an answer. */
  aliveMs: number
}

/** Whom a round sends to whom. */
export interface RoundDeps {
  shop: ShopProcess
  load: Load
  requests: readonly Request[]
  /** How many times the best rate come in the overload. */
  times: number
}

const laneCounts = [8, 16]
const measureMs = 3_000
const overloadMs = 10_000
const afterMs = 10_000
// Until the first of the crowd have been answered.
const settleMs = 1_000
const askEveryMs = 250
// A visitor to each of them at the same time, as from a proxy.
const connections = 2_000

/** Finds the best rate, sends more than that, and sees what is left of it and what comes after. */
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
    waitOfOrchestrators(shop, overloadMs),
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

/** The longest that anybody waited who asked, on a new connection, what orchestrators ask; infinite where it was not told. */
async function waitOfOrchestrators({ origin }: ShopProcess, durationMs: number): Promise<number> {
  const waits: Promise<number>[] = []
  for (let askedMs = 0; askedMs < durationMs; askedMs += askEveryMs) {
    for (const path of [paths.healthz, paths.readyz]) waits.push(waitFor(`${origin}${path}`))
    await setTimeout(askEveryMs)
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

/** The time that the shop spends on a processor between two moments from now. */
async function cpuMsOf({ pid }: ShopProcess, fromMs: number, toMs: number): Promise<number> {
  await setTimeout(fromMs)
  const before = readCpuMs(pid)
  await setTimeout(toMs - fromMs)
  return readCpuMs(pid) - before
}

// The kernel counts in hundredths of a second; only Linux tells.
function readCpuMs(pid: number): number {
  try {
    const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').slice(13, 15).map(Number)
    return (user + system) * 10
  } catch {
    return Number.NaN
  }
}

import { choicesOption, numberOption, runCommand } from '@books/runtime/commands'
import { dependencies } from '../fault-injection/dependencies.fixture.ts'
import { cookieSecret, type PageName, pages } from '../fault-injection/pages.fixture.ts'
import { startDependency } from '../fault-injection/running-dependency.fixture.ts'
import { startShop } from '../fault-injection/shop-process.fixture.ts'
import { percentile } from './figures.fixture.ts'
import { startLoad } from './load.fixture.ts'
import { startRefusalPrice } from './refusal-price.fixture.ts'
import { type Round, runRound } from './run-round.fixture.ts'

const help = `Sends five times the load that the shop can serve.

  make overload ARGS='[--page <name>]... [--times <how many>] [--rounds <how many>]'

Visits come at a constant rate, whether or not earlier ones have ended, over persistent connections like those of a
proxy: to the front page of anonymous visitors, of visitors with preferences of their own, and of visitors with a cart;
--page names others of \`make fault-injection\`. A round finds the best rate, overloads the shop for ten seconds, goes on
with half of the best rate, and finds the best rate again; the mean of both counts. A process that answers each
rejection itself cannot keep its best rate: the bound is that rate, less the rejections at the price of a 503 by bare
node:http under the same load. Exits with 1 where a limit is exceeded:

  of bound     the served rate relative to the bound; at least 0.95, by the median of the rounds
  per CPU s    the CPU time that the pages and rejections would take at best, relative to what the shop took
  lost         visits without a response; none
  normal       the time after the overload until the last rejection; at most 10 s
  alive        the longest response time of /healthz and /readyz under overload; at most a second, and none rejected
  paying       the same of the checkout and of an order; none rejected`

const limits = { ofBound: 0.95, normalMs: 10_000, aliveMs: 1_000 }
const visits = 5_000

const columns: readonly [title: string, (round: Round) => string][] = [
  ['best/s', ({ bestRate }) => bestRate.toFixed(0)],
  ['served/s', ({ servedRate }) => servedRate.toFixed(0)],
  ['p50 ms', ({ servedP50Ms }) => servedP50Ms.toFixed(0)],
  ['p99 ms', ({ servedP99Ms }) => servedP99Ms.toFixed(0)],
  ['refused/s', ({ refusedRate }) => refusedRate.toFixed(0)],
  ['p50 ms', ({ refusedP50Ms }) => refusedP50Ms.toFixed(0)],
  ['p99 ms', ({ refusedP99Ms }) => refusedP99Ms.toFixed(0)],
  ['503 in µs', ({ refusalMs }) => (refusalMs * 1_000).toFixed(1)],
  ['bound/s', ({ boundRate }) => boundRate.toFixed(0)],
  ['of bound', ({ ofBound }) => ofBound.toFixed(2)],
  ['per CPU s', ({ perCpu }) => perCpu.toFixed(2)],
  ['lost', ({ lost }) => String(lost)],
  ['normal s', ({ normalMs }) => (normalMs / 1_000).toFixed(1)],
  ['alive ms', ({ aliveMs }) => aliveMs.toFixed(0)],
  ['paying ms', ({ payingMs }) => payingMs.toFixed(0)],
]

await runCommand({
  help,
  options: {
    page: choicesOption(Object.keys(pages) as PageName[], ['home', 'home with preferences', 'home with a cart']),
    times: numberOption(5, { isWhole: false }),
    rounds: numberOption(3),
  },
  async run({ values: { page, times, rounds } }) {
    process.exitCode = await overload(page, times, rounds)
  },
})

async function overload(names: readonly PageName[], times: number, count: number): Promise<number> {
  const running = await Promise.all(dependencies.map(startDependency))
  const shop = await startShop(running, { COOKIE_SECRET: cookieSecret })
  const load = await startLoad()
  const checks = { alive: await startLoad(), paying: await startLoad() }
  const refusalPrice = await startRefusalPrice()
  let isKept = true

  for (const name of names) {
    const requests = Array.from({ length: visits }, (_, nth) => pages[name].request(nth))
    const deps = { shop, load, checks, refusalPrice, requests }
    // Warm-up, until code is compiled.
    await runRound({ ...deps, times: 1 })
    console.log(`${name}\n${row(...columns.map(([title]) => title))}`)
    const rounds: Round[] = []
    for (let i = 0; i < count; i++) {
      const round = await runRound({ ...deps, times })
      rounds.push(round)
      console.log(row(...columns.map(([, figure]) => figure(round))))
    }
    const ofBound = percentile(
      rounds.map((round) => round.ofBound),
      0.5,
    )
    console.log(`${ofBound.toFixed(2)} of the bound\n`)
    isKept &&= ofBound >= limits.ofBound && rounds.every(isWithinLimits)
  }
  const lines = shop.countLines('overloaded: requests were rejected')
  console.log(`${lines} lines in the log about all rejections`)
  await Promise.all([load, checks.alive, checks.paying, refusalPrice, shop].map((each) => each.stop()))
  await Promise.all(running.map(({ kill }) => kill()))
  return isKept ? 0 : 1
}

function isWithinLimits({ lost, normalMs, aliveMs, payingMs }: Round): boolean {
  return lost === 0 && normalMs <= limits.normalMs && aliveMs <= limits.aliveMs && Number.isFinite(payingMs)
}

function row(...figures: string[]): string {
  return figures.map((figure) => figure.padStart(10)).join('')
}

import { parseArgs } from 'node:util'
import { dependencies } from '../fault-injection/dependencies.fixture.ts'
import { cookieSecret, type PageName, pages } from '../fault-injection/pages.fixture.ts'
import { startDependency } from '../fault-injection/running-dependency.fixture.ts'
import { startShop } from '../fault-injection/shop-process.fixture.ts'
import { percentile } from './figures.fixture.ts'
import { startLoad } from './load.fixture.ts'
import { type Round, runRound } from './run-round.fixture.ts'

const help = `Sends five times the load that the shop can serve.

  pnpm --filter @books/marketplace overload [--page <name>] [--times <how many>] [--rounds <how many>]

Visits come at a constant rate, whether or not earlier ones have ended, over persistent connections like those of a
proxy. Each has preferences of its own and requests the front page, so that almost nothing is cached; --page names
another page of \`make fault-injection\`, or all. A round finds the best rate, overloads the shop for ten seconds, and
goes on with half of the best rate. Exits with 1 where a limit is exceeded:

  served       the rate under overload, relative to the best rate of the round; at least 0.9, by the median of the rounds
  per CPU s    the same for each second of the shop's CPU time, as other processes may use the machine
  lost         visits without a response; none
  normal       the time after the overload until the last rejection; at most 10 s
  alive        the longest response time of /healthz and /readyz under overload; at most a second`

const limits = { served: 0.9, normalMs: 10_000, aliveMs: 1_000 }
const visits = 5_000

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    page: { type: 'string', default: 'home with preferences' },
    times: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
  },
})
if (values.help) console.log(help)
else process.exitCode = await overload(values.page, Number(values.times), Number(values.rounds))

async function overload(page: string, times: number, count: number): Promise<number> {
  const names = page === 'all' ? (Object.keys(pages) as PageName[]) : [page as PageName]
  const requests = Array.from({ length: visits }, (_, nth) => pages[names[nth % names.length]!].request(nth))
  const running = await Promise.all(dependencies.map(startDependency))
  const shop = await startShop(running, { COOKIE_SECRET: cookieSecret })
  const load = await startLoad()

  console.log(
    row(
      'best/s',
      'served/s',
      'p50',
      'p99',
      'refused/s',
      'p50',
      'p99',
      'lost',
      'served',
      'per CPU s',
      'normal',
      'alive',
    ),
  )
  // Warm-up, until code is compiled.
  await runRound({ shop, load, requests, times: 1 })
  const rounds: Round[] = []
  for (let i = 0; i < count; i++) {
    const round = await runRound({ shop, load, requests, times })
    rounds.push(round)
    console.log(rowOf(round))
  }
  const lines = shop.countLines('overloaded: requests were rejected')
  await Promise.all([load.stop(), shop.stop()])
  await Promise.all(running.map(({ kill }) => kill()))

  const served = percentile(
    rounds.map((round) => round.served),
    0.5,
  )
  const isKept = rounds.every(
    ({ lost, normalMs, aliveMs }) => lost === 0 && normalMs <= limits.normalMs && aliveMs <= limits.aliveMs,
  )
  console.log(`${served.toFixed(2)} of the best rate, ${lines} lines in the log about all rejections`)
  return isKept && served >= limits.served ? 0 : 1
}

function rowOf(round: Round): string {
  return row(
    ...[round.bestRate, round.servedRate, round.servedP50Ms, round.servedP99Ms].map(Math.round),
    ...[round.refusedRate, round.refusedP50Ms, round.refusedP99Ms, round.lost].map(Math.round),
    ...[
      round.served.toFixed(2),
      round.perCpu.toFixed(2),
      (round.normalMs / 1_000).toFixed(1),
      Math.round(round.aliveMs),
    ],
  )
}

function row(...figures: (string | number)[]): string {
  return figures.map((figure) => String(figure).padStart(10)).join('')
}

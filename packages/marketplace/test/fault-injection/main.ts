import { StartError } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { type Dependency, dependencies } from './dependencies.fixture.ts'
import { addedMs, evaluateCell } from './evaluate-cell.fixture.ts'
import { type Fault, faults } from './faults.fixture.ts'
import { cookieSecret } from './pages.fixture.ts'
import { type Pace, runCell } from './run-cell.fixture.ts'
import { startDependency } from './running-dependency.fixture.ts'
import { startShop } from './shop-process.fixture.ts'

const help = `Injects every fault into every backend of the shop, one at a time and into all at once, and visits every page
meanwhile. Shop and backends are processes of their own.

  make fault-injection ARGS='[--only <part of the name of a cell>]'

The same visits go to a second shop without faults, so that other load of the machine affects both. Times are the
difference at the 99th percentile, in milliseconds:

  secondary    pages with secondary content from faulty backends, before the circuit breaker opens; at most 500
  waiting      pages whose main content is from them, before that; at most 2,050
  open         all these pages while it is open; at most 150
  others       all other pages; at most 150
  opened       the time until the circuit breaker opened, in seconds
  recovered    the time from the end of the fault until every page was complete, in seconds; at most 30

A cell that exceeds a limit is measured twice more, and the medians count. Exits with 1 where a limit is exceeded, or
where a page did not open, was incomplete without a mark, or fell back for a backend without a fault.`

const limits = { secondaryMs: 500, waitingMs: 2_050, openMs: 150, othersMs: 150, recoveredMs: 30_000 }
const mostRounds = 3
const pace: Pace = { visitsPerSecond: 40, healthyMs: 1_000, faultyMs: 8_000, settleMs: 3_000 }
const settings = {
  COOKIE_SECRET: cookieSecret,
  // Cached answers are old almost at once, which is the worst case.
  FRESH_MS: 200,
  STALE_MS: 400,
  BUSY_MS: 600_000,
}

await runCommand({
  help,
  options: { only: { type: 'string', default: '' } },
  async run({ values: { only } }) {
    process.exitCode = await runAll(only)
  },
})

/** The times of a round in milliseconds; NaN where nothing was measured. */
interface Figures {
  secondaryMs: number
  waitingMs: number
  openMs: number
  othersMs: number
  openedMs: number
  recoveredMs: number
}

async function runAll(only: string): Promise<number> {
  const groups = [...dependencies.map((dependency) => [dependency]), [...dependencies]]
  const cells = groups
    .flatMap((group) => faults.map((fault) => ({ group, fault, name: nameOf(group, fault) })))
    .filter(({ name }) => name.includes(only))
  if (cells.length === 0) throw new StartError(`no cell has a name with "${only}"`)
  const running = await Promise.all(dependencies.map(startDependency))
  const healthy = await Promise.all(dependencies.map(startDependency))
  const [shop, reference] = await Promise.all([startShop(running, settings), startShop(healthy, settings)])
  const runningOf = (dependency: Dependency) => running[dependencies.indexOf(dependency)]!
  let failed = 0

  console.log(row('', 'secondary', 'waiting', 'open', 'others', 'opened', 'recovered', 'visits'))
  for (const { name, group, fault } of cells) if (!(await runRow(name, group, fault))) failed++
  await Promise.all([shop, reference].map((each) => each.stop()))
  await Promise.all([...running, ...healthy].map(({ kill }) => kill()))
  return failed > 0 ? 1 : 0

  async function runRow(name: string, group: readonly Dependency[], fault: Fault): Promise<boolean> {
    const injections = group.map((dependency) => ({ dependency, running: runningOf(dependency), fault }))
    const rounds: Figures[] = []
    const failures = new Set<string>()
    let visits = 0
    do {
      const cell = await runCell(shop, injections, pace, reference)
      const evaluation = evaluateCell(cell, shop)
      for (const failure of evaluation.failures) failures.add(failure)
      if (fault.isTotal && evaluation.openedAfterMs === undefined) failures.add('the circuit breaker never opened')
      visits += cell.visits.length
      rounds.push({
        secondaryMs: addedMs(evaluation.waitingForSecondary, cell.referenceVisits),
        waitingMs: addedMs(evaluation.waiting, cell.referenceVisits),
        openMs: addedMs(evaluation.open, cell.referenceVisits),
        othersMs: addedMs(evaluation.others, cell.referenceVisits),
        openedMs: evaluation.openedAfterMs ?? Number.NaN,
        recoveredMs: evaluation.recoveredAfterMs,
      })
    } while (rounds.length < mostRounds && exceededLimits(medians(rounds)).length > 0)

    const figures = medians(rounds)
    const problems = [...exceededLimits(figures), ...failures]
    const times = [figures.secondaryMs, figures.waitingMs, figures.openMs, figures.othersMs].map((ms) => rounded(ms, 0))
    const seconds = [figures.openedMs, figures.recoveredMs].map((ms) => rounded(ms / 1_000, 1))
    console.log(row(name, ...times, ...seconds, visits, ...problems.map((problem) => `FAILED: ${problem}`)))
    return problems.length === 0
  }
}

function nameOf(group: readonly Dependency[], fault: Fault): string {
  return `${group.length > 1 ? 'all' : group[0]?.name}, ${fault.name}`
}

function exceededLimits(figures: Figures): string[] {
  return Object.entries(limits).flatMap(([name, limit]) => (figures[name as keyof typeof limits] > limit ? [name] : []))
}

function medians(rounds: readonly Figures[]): Figures {
  const medianOf = (name: keyof Figures) => {
    const all = rounds.map((figures) => figures[name]).filter((figure) => !Number.isNaN(figure))
    return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN
  }
  return {
    secondaryMs: medianOf('secondaryMs'),
    waitingMs: medianOf('waitingMs'),
    openMs: medianOf('openMs'),
    othersMs: medianOf('othersMs'),
    openedMs: medianOf('openedMs'),
    recoveredMs: medianOf('recoveredMs'),
  }
}

function rounded(figure: number, digits: number): string {
  return Number.isNaN(figure) ? '–' : figure.toFixed(digits)
}

function row(name: string, ...figures: (string | number)[]): string {
  const cells = figures.map((figure, index) => (index < 7 ? String(figure).padStart(10) : `  ${figure}`))
  return name.padEnd(54) + cells.join('')
}

import { parseArgs } from 'node:util'
import { type Dependency, dependencies } from './dependencies.fixture.ts'
import { type Fault, faults } from './faults.fixture.ts'
import { addedMs, judgeCell } from './judge-cell.fixture.ts'
import { cookieSecret } from './pages.fixture.ts'
import { type Pace, runCell } from './run-cell.fixture.ts'
import { startDependency } from './running-dependency.fixture.ts'
import { startShop } from './shop-process.fixture.ts'

const help = `Lets every service behind the shop fail in every way that this package knows, one at a time and all at once, and
watches every page meanwhile. All are processes of their own.

  pnpm --filter @books/marketplace fault-injection [--only <part of a cell's name>]

Visitors walk through two shops at the same time, one of which is well, so that what troubles the whole machine is in
both. Times are what the trouble adds at the 99th percentile, in milliseconds:

  waiting      to pages that show what is in trouble, until that is left alone; at most 500, a page's budget
  sheltered    to the same pages once it is left alone; at most 150
  others       to all other pages; at most 150
  left alone   how long it took until it was, in seconds
  whole        how long after the trouble was over every page was whole again, in seconds; at most 30

A cell that breaks a bound of time is measured twice more, and medians count. Exits with 1 where a bound is broken, or
where a page did not open, lacked something without saying so, or fell back for what was well.`

const budgetMs = 500
const bounds = { waitingMs: budgetMs, shelteredMs: 150, othersMs: 150, wholeMs: 30_000 }
const mostRounds = 3
const pace: Pace = { visitsPerSecond: 40, healthyMs: 1_000, troubledMs: 5_000, settleMs: 1_500 }
const settings = {
  COOKIE_SECRET: cookieSecret,
  // Whatever is remembered is stale and then old within a moment: the worst that can be.
  FRESH_MS: 200,
  STALE_MS: 400,
  BUSY_MS: 600_000,
}

const { values } = parseArgs({
  options: { help: { type: 'boolean', short: 'h' }, only: { type: 'string', default: '' } },
})
if (values.help) console.log(help)
else process.exitCode = await runMatrix(values.only)

/** Figures of a round, in milliseconds; not a number where nothing was measured. */
interface Figures {
  waitingMs: number
  shelteredMs: number
  othersMs: number
  leftAloneMs: number
  wholeMs: number
}

async function runMatrix(only: string): Promise<number> {
  const running = await Promise.all(dependencies.map(startDependency))
  const well = await Promise.all(dependencies.map(startDependency))
  const [shop, twin] = await Promise.all([startShop(running, settings), startShop(well, settings)])
  const runningOf = (dependency: Dependency) => running[dependencies.indexOf(dependency)]!
  const groups = [...dependencies.map((dependency) => [dependency]), [...dependencies]]
  let broken = 0

  console.log(row('', 'waiting', 'sheltered', 'others', 'left alone', 'whole', 'visits'))
  for (const group of groups) {
    for (const fault of faults) {
      const name = `${group.length > 1 ? 'all of them' : group[0]?.name}, ${fault.name}`
      if (!name.includes(only)) continue
      if (!(await runRow(name, group, fault))) broken++
    }
  }
  await Promise.all([shop, twin].map((each) => each.stop()))
  await Promise.all([...running, ...well].map(({ kill }) => kill()))
  return broken > 0 ? 1 : 0

  async function runRow(name: string, group: readonly Dependency[], fault: Fault): Promise<boolean> {
    const troubles = group.map((dependency) => ({ dependency, running: runningOf(dependency), fault }))
    const rounds: Figures[] = []
    const complaints = new Set<string>()
    let visits = 0
    do {
      const cell = await runCell(shop, troubles, pace, twin)
      const verdict = judgeCell(cell, shop)
      for (const complaint of verdict.complaints) complaints.add(complaint)
      if (fault.isTotal && verdict.leftAloneAfterMs === undefined) complaints.add('it was never left alone')
      visits += cell.visits.length
      rounds.push({
        waitingMs: addedMs(verdict.waiting, cell.twinVisits),
        shelteredMs: addedMs(verdict.sheltered, cell.twinVisits),
        othersMs: addedMs(verdict.others, cell.twinVisits),
        leftAloneMs: verdict.leftAloneAfterMs ?? Number.NaN,
        wholeMs: verdict.wholeAfterMs,
      })
    } while (rounds.length < mostRounds && brokenBounds(medians(rounds)).length > 0)

    const figures = medians(rounds)
    const faultsFound = [...brokenBounds(figures), ...complaints]
    const times = [figures.waitingMs, figures.shelteredMs, figures.othersMs].map((ms) => rounded(ms, 0))
    const seconds = [figures.leftAloneMs, figures.wholeMs].map((ms) => rounded(ms / 1_000, 1))
    console.log(row(name, ...times, ...seconds, visits, ...faultsFound.map((found) => `BROKEN: ${found}`)))
    return faultsFound.length === 0
  }
}

function brokenBounds(figures: Figures): string[] {
  return Object.entries(bounds).flatMap(([name, bound]) => (figures[name as keyof typeof bounds] > bound ? [name] : []))
}

function medians(rounds: readonly Figures[]): Figures {
  const medianOf = (name: keyof Figures) => {
    const all = rounds.map((figures) => figures[name]).filter((figure) => !Number.isNaN(figure))
    return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN
  }
  return {
    waitingMs: medianOf('waitingMs'),
    shelteredMs: medianOf('shelteredMs'),
    othersMs: medianOf('othersMs'),
    leftAloneMs: medianOf('leftAloneMs'),
    wholeMs: medianOf('wholeMs'),
  }
}

function rounded(figure: number, digits: number): string {
  return Number.isNaN(figure) ? '–' : figure.toFixed(digits)
}

function row(name: string, ...figures: (string | number)[]): string {
  const cells = figures.map((figure, index) => (index < 6 ? String(figure).padStart(10) : `  ${figure}`))
  return name.padEnd(54) + cells.join('')
}

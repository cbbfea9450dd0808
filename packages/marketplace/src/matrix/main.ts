import { dependencies } from './dependencies.fixture.ts'
import { faults } from './faults.fixture.ts'
import { addedMs, judgeCell, p99Of } from './judge-cell.fixture.ts'
import { cookieSecret } from './pages.fixture.ts'
import { runCell } from './run-cell.fixture.ts'
import { startDependency } from './running-dependency.fixture.ts'
import { startShop } from './shop-process.fixture.ts'

const running = await Promise.all(dependencies.map(startDependency))
const well = await Promise.all(dependencies.map(startDependency))
const twin = await startShop(well, { COOKIE_SECRET: cookieSecret, FRESH_MS: 200, STALE_MS: 400 })
const shop = await startShop(running, { COOKIE_SECRET: cookieSecret, FRESH_MS: 200, STALE_MS: 400 })
for (const [i, dependency] of dependencies.entries())
  for (const fault of faults) {
    const [only = '', onlyF = ''] = process.argv.slice(2)
    if (!dependency.name.includes(only) || !fault.name.includes(onlyF)) continue
    const cell = await runCell(
      shop,
      [{ dependency, fault, running: running[i]! }],
      { visitsPerSecond: 40, healthyMs: 3000, troubledMs: 6000, settleMs: 1500 },
      twin,
    )
    const v = judgeCell(cell, shop)
    console.log(
      dependency.name.padEnd(16),
      fault.name.padEnd(34),
      [v.healthy, v.waiting, v.sheltered, v.others]
        .map((x) => `${x.length}:${p99Of(x).toFixed(1)}:${addedMs(x, cell.twinVisits).toFixed(0)}`)
        .join(' '),
      v.leftAloneAfterMs,
      v.wholeAfterMs,
      v.complaints,
      v.waiting
        .toSorted((a, b) => b.tookMs - a.tookMs)
        .slice(0, 3)
        .map((x) => [x.page, x.tookMs.toFixed(0), x.beganAt - cell.troubledAt].join()),
    )
  }
console.log(await shop.stop(), await twin.stop())
process.exit()

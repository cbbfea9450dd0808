import { numberOption, runCommand } from '@books/runtime/commands'
import { type FinishedRun, runOrders } from './run-orders.ts'

const help = `Lets visitors look at books and buy them, through the web shop, while the process of reviews is ended with SIGKILL and started
again without a pause. Every service is a process of its own.

  node test/reviews-crashing/main.ts [--orders=500] [--visitors=4] [--budget=2050]

Prints how long the pages took, in milliseconds. Exits with 1 where an order was not confirmed, a page was not answered well, or
one took longer than the budget.`

await runCommand({
  help,
  options: { orders: numberOption(500), visitors: numberOption(4), budget: numberOption(2_050) },
  async run({ values: { orders, visitors, budget } }) {
    const run = await runOrders({ orders, visitors, report: console.log })
    process.exitCode = report(run, budget) ? 0 : 1
  },
})

function report({ confirmed, failures, kills, visits }: FinishedRun, budgetMs: number): boolean {
  console.log(row('', 'visits', 'without reviews', 'p50', 'p99', 'max'))
  for (const [name, own] of [...Map.groupBy(visits, (visit) => visit.name), ['all', visits] as const]) {
    const times = own.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b)
    const at = (share: number) => Math.round(times[Math.ceil(times.length * share) - 1] ?? 0)
    const without = own.filter(({ fallbacks }) => fallbacks.includes('reviews')).length
    console.log(row(name, own.length, without, at(0.5), at(0.99), at(1)))
  }
  const others = visits.filter(({ fallbacks }) => fallbacks.some((name) => name !== 'reviews'))
  const wrong = visits.filter(({ status }) => status >= 400)
  const slow = visits.filter(({ tookMs }) => tookMs > budgetMs)
  console.log(`${confirmed.length} orders confirmed, ${failures.length} not; ${kills} kills of reviews`)
  console.log(`${wrong.length} pages answered with an error, ${slow.length} took more than ${budgetMs} ms,`)
  console.log(`${others.length} were without something of another service`)
  for (const failure of failures.slice(0, 10)) console.log(failure)
  return failures.length + wrong.length + slow.length === 0
}

function row(name: string, ...figures: (string | number)[]): string {
  return name.padEnd(18) + figures.map((figure) => String(figure).padStart(16)).join('')
}

import { createProgressBar, runCommand } from '@books/runtime/commands'
import { openData } from '@books/service/commands'
import { inventory } from '../service.ts'
import { findProblems } from '../stock/check-stock.ts'

const help = `Checks the stock of every book, as it is at one moment; a running service may go on.

  run check-stock

It agrees where free + held + sold copies are those that were received, each of the three is the sum of the ledger, and orders hold
and have bought as many. Prints what differs, and then exits with code 1.

Reads the database of DATABASE_URL or DATA_DIR. Stop a service that uses the folder of DATA_DIR first.`

await runCommand({
  help,
  options: {},
  async run() {
    await using data = await openData(inventory, { command: 'check-stock', env: process.env })
    const bar = createProgressBar(process.stderr)
    const showProgress = (done: number, total: number) => bar.show('changes summed:', done, total)
    const problems = await findProblems(data.tables, showProgress).finally(bar.end)
    for (const problem of problems) console.log(problem)
    if (problems.length === 0) console.log('the stock of every book agrees')
    else process.exitCode = 1
  },
})

import { numberOption, runCommand } from '@books/runtime/commands'
import { fuzz } from './fuzz.fixture.ts'

const help = `Sends malformed calls and connections to a server, over real sockets.

  pnpm --filter @books/rpc fuzz [--runs <inputs>] [--seed <number>]

The same seed makes the same inputs. Exits with 1 where the server ends, hangs, refuses an honest call, tells what went
on inside it, logs, or grows.`

const heapBoundMib = 8

await runCommand({
  help,
  options: { runs: numberOption(100_000), seed: numberOption(Date.now() % 1_000_000, { least: 0 }) },
  run: ({ values: { runs, seed } }) => main(runs, seed),
})

async function main(runs: number, seed: number) {
  console.log(`Seed ${seed}: ${runs} inputs.`)
  const began = performance.now()
  const { statuses, heapGrowthMib, memoryGrowthMib, complaints } = await fuzz({ runs, seed })
  const seconds = Math.round((performance.now() - began) / 1_000)
  console.log(`Answered in ${seconds} s, by status: ${JSON.stringify(statuses)}.`)
  console.log(
    `Objects and buffers grew by ${heapGrowthMib.toFixed(1)} MiB, memory by ${memoryGrowthMib.toFixed(1)} MiB.`,
  )
  for (const complaint of new Set(complaints)) console.log(complaint)
  if (heapGrowthMib > heapBoundMib || complaints.length > 0) process.exitCode = 1
}

import { numberOption, runCommand } from '@books/runtime/commands'
import { password, serveAccounts } from '../src/accounts.fixture.ts'
import { defaultCost } from '../src/passwords/password-hash.ts'

const help = `Compares how long signing in takes for addresses that have an account and for addresses that have none, with a wrong
password, over gRPC and an embedded database. The two alternate, so whatever slows down one slows down the other.

  pnpm --filter @books/accounts run bench:sign-in [--calls <number>]

Exits with 1 where the medians differ by 2 % or more, or the answers differ.`

const addresses = 100
const bound = 0.02

await runCommand({
  help,
  options: { calls: numberOption(2_000, { least: 2 }) },
  run: ({ values: { calls } }) => main(calls),
})
// What it shares with tests, such as a database server, stays open otherwise.
process.exit()

async function main(calls: number) {
  await using accounts = await serveAccounts(undefined, defaultCost)
  for (let index = 0; index < addresses; index++) {
    process.stderr.write(`\raccount ${index + 1} of ${addresses}`)
    await accounts.signUp(`known${index}@example.org`)
  }

  const times = { known: [] as number[], other: [] as number[] }
  const answers = new Set<string>()
  for (let call = 0; call < calls; call++) {
    if (call % 50 === 0) process.stderr.write(`\rcall ${call} of ${calls}      `)
    const kind = call % 2 === 0 ? 'known' : 'other'
    const index = Math.floor(call / 2)
    const began = performance.now()
    const answer = await accounts.client
      .signIn({
        email: `${kind}${index % addresses}@example.org`,
        password: `not ${password}`,
        // A network of its own, as a network that tries often is slowed down.
        origin: { network: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`, userAgent: 'bench' },
      })
      .then(JSON.stringify, ({ code, message, details }) => JSON.stringify({ code, message, details }))
    times[kind].push(performance.now() - began)
    answers.add(answer)
  }
  process.stderr.write('\r')

  const [known, other] = [medianOf(times.known), medianOf(times.other)]
  const difference = Math.abs(known - other) / other
  console.log(`${calls} sign-ins: median ${known.toFixed(2)} ms with an account, ${other.toFixed(2)} ms without one.`)
  console.log(
    `They differ by ${(difference * 100).toFixed(2)} % (bound ${bound * 100} %). Answers: ${[...answers].join(' | ')}`,
  )
  if (difference >= bound || answers.size > 1) process.exitCode = 1
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accounts as accountsService } from '@books/accounts'
import { createMailbox } from '@books/mail'
import { AccountsServiceService, loadDescriptors } from '@books/proto'
import { createClient } from '@books/rpc'
import { drive } from '@books/rpc/bench'
import { numberOption, runCommand } from '@books/runtime/commands'
import { createServerDatabase, runProcess } from '@books/runtime/testing'

const help = `Measures the latency of the front page without sign-ins and beside eight at a time, in turns. Every service is a process of its own on
one PostgreSQL server. Prints the 99th percentile of both, and the peak memory of accounts.

  pnpm --filter @books/store run bench:sign-in [--seconds <number>] [--pages <per second>]

Exits with 1 where the p99 is more than twice the quiet one, or accounts needed 256 MB or more.`

const signIns = 8
const rounds = 3
const boundMib = 256
const password = 'correct horse battery staple'

await runCommand({
  help,
  options: { seconds: numberOption(10), pages: numberOption(50) },
  run: ({ values: { seconds, pages } }) => main(seconds, pages),
})
// What it shares with tests, such as a database server, stays open otherwise.
process.exit()

async function main(seconds: number, callsPerSecond: number) {
  await using opened = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'books-sign-in-'))
  opened.defer(() => rmSync(folder, { recursive: true }))
  const { url: DATABASE_URL } = opened.use(await createServerDatabase())
  const env = { DATABASE_URL, HOST: '127.0.0.1', PORT: '0', LOG_FORMAT: 'json', MAILBOX_DIR: folder }

  async function start(name: string, more: Record<string, string> = {}) {
    const { child, prints, ended } = runProcess(
      new URL(`../../${name}/src/main.ts`, import.meta.url),
      { ...env, ...more },
      [],
      { execArgv: [] },
    )
    opened.defer(async () => {
      child.kill()
      await ended
    })
    const [, port = ''] = await prints(new RegExp(`"port":(\\d+).*${name} answers`))
    return { port, pid: child.pid }
  }

  const inventory = await start('inventory')
  const articles = await start('articles')
  const recommendations = await start('recommendations', { INVENTORY_PORT: inventory.port })
  const accounts = await start('accounts', accountsService.deployment.environment)
  const shop = await start('marketplace', {
    INVENTORY_PORT: inventory.port,
    ARTICLES_PORT: articles.port,
    RECOMMENDATIONS_PORT: recommendations.port,
    ACCOUNTS_PORT: accounts.port,
  })

  const address = `127.0.0.1:${accounts.port}`
  const client = opened.use(createClient(AccountsServiceService, { address, descriptors: loadDescriptors() }))
  const emails = Array.from({ length: signIns }, (_, index) => `reader${index}@books.example`)
  for (const email of emails) {
    await client.requestSignUp({ email })
    await client.signUp({ token: await tokenTo(email, folder), name: 'Ada', password })
  }

  let signedIn = 0
  async function signInUntil(email: string, signal: AbortSignal) {
    while (!signal.aborted) {
      // Attempts of one network are limited.
      const network = `10.${signedIn >> 16}.${(signedIn >> 8) & 255}.${signedIn & 255}`
      await client.signIn({ email, password, origin: { network, userAgent: 'bench' } })
      signedIn++
    }
  }
  const page = {
    call(settle: (error?: Error) => void) {
      fetch(`http://127.0.0.1:${shop.port}/`)
        .then((response) => response.arrayBuffer())
        .then(() => settle(), settle)
    },
    close() {},
  }

  const p99s = { quiet: [] as number[], busy: [] as number[] }
  await drive(page, { seconds: 3, callsPerSecond })
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`\rround ${round} of ${rounds}`)
    p99s.quiet.push((await drive(page, { seconds, callsPerSecond })).p99Ms)
    const over = new AbortController()
    const signingIn = Promise.all(emails.map((email) => signInUntil(email, over.signal)))
    // One that fails ends the benchmark below, which stops the services.
    signingIn.catch(() => {})
    p99s.busy.push((await drive(page, { seconds, callsPerSecond })).p99Ms)
    over.abort()
    await signingIn
  }
  process.stderr.write('\r')

  const [quiet, busy] = [medianOf(p99s.quiet), medianOf(p99s.busy)]
  const peakMib = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${accounts.pid}/status`, 'utf8'))?.[1]) / 1024
  console.log(
    `Front page, ${callsPerSecond} a second: p99 ${quiet.toFixed(1)} ms quiet, ${busy.toFixed(1)} ms while ${signIns} sign in`,
  )
  console.log(
    `(of each round: ${JSON.stringify(p99s, (_, value) => (typeof value === 'number' ? Math.round(value * 10) / 10 : value))}).`,
  )
  console.log(
    `${(signedIn / (rounds * seconds)).toFixed(1)} sign-ins a second; accounts needed up to ${peakMib.toFixed(0)} MiB.`,
  )
  if (busy > 2 * quiet || peakMib >= boundMib) process.exitCode = 1
}

async function tokenTo(email: string, folder: string): Promise<string> {
  const mailbox = createMailbox(folder)
  for (;;) {
    const mail = (await mailbox.list(signIns)).find(({ to }) => to.includes(email))
    const token = /[?&]token=([\w-]+)/.exec(mail?.text ?? '')?.[1]
    if (token) return token
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

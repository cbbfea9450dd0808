import { portSetting, readSettings, StartError } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { Type } from 'typebox'
import { requireEngine } from '../containers/docker.ts'
import { waitUntil } from '../containers/wait-until.ts'
import { type ComposedStoreOptions, composeStore } from './composed-store.ts'
import { findFreePort } from './find-free-port.ts'
import { tryStore } from './try-store.ts'

const help = `The store in containers, from the images of \`make docker\`.

  compose up [--tls] [--observability] [--mail]   opens it, on STORE_PORT or 5000
  compose down                                    closes it; its data stays
  compose test [--tls]                            opens one apart, kills each of its containers under load, and takes it away`

const openWithinMs = 120_000
const settings = Type.Object({ STORE_PORT: portSetting(5_000) })

await runCommand({
  help,
  options: { tls: { type: 'boolean' }, observability: { type: 'boolean' }, mail: { type: 'boolean' } },
  takesArguments: true,
  async run({ values: { tls = false, observability = false, mail = false }, positionals: [what, ...others] }) {
    if (others.length > 0) throw new StartError(help)
    await requireEngine()
    const { STORE_PORT: port } = readSettings(settings, process.env)

    switch (what) {
      case 'up':
        return open(port, { isEncrypted: tls, isWatched: observability, hasMailpit: mail })
      case 'down':
        return (
          await composeStore({ project: 'books', port, env: process.env, isWatched: true, hasMailpit: true })
        ).down()
      case 'test':
        return test(tls)
      default:
        throw new StartError(help)
    }
  },
})

type Extras = Pick<ComposedStoreOptions, 'isEncrypted' | 'isWatched' | 'hasMailpit'>

async function open(port: number, extras: Extras): Promise<void> {
  const store = await composeStore({ project: 'books', port, env: process.env, ...extras })
  if ((await findFreePort(port)) === undefined && !(await store.hasPort())) {
    throw new StartError(`something else listens on port ${port}: stop it, or take another with STORE_PORT=5010`)
  }
  try {
    await store.up()
    await waitUntil('the store opens', () => opens(store.url), { withinMs: openWithinMs })
  } catch (error) {
    console.error(await store.readLog())
    throw error
  }
  console.log(`Books is open on ${store.url}`)
  if (extras.hasMailpit) console.log(`Mailpit is on http://localhost:${process.env['MAILPIT_PORT'] ?? '8025'}`)
  if (!extras.isWatched) return
  const { GRAFANA_PORT = '3000', PROMETHEUS_PORT = '9090', JAEGER_PORT = '16686' } = process.env
  console.log(`Grafana is on http://localhost:${GRAFANA_PORT}, Prometheus on http://localhost:${PROMETHEUS_PORT}`)
  console.log(`Jaeger is on http://localhost:${JAEGER_PORT}`)
}

async function opens(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )
}

async function test(isEncrypted: boolean): Promise<void> {
  const ending = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => ending.abort(new StartError('interrupted')))

  const project = `books-test-${process.pid}`
  const env = { ...process.env, PAYMENT_SANDBOX_PORT: String(await findFreePort(0)) }
  const store = await composeStore({ project, port: (await findFreePort(0)) ?? 0, env, isEncrypted })
  try {
    await tryStore(store, { signal: ending.signal, tell: (line) => console.log(line) })
  } catch (error) {
    throw ending.signal.aborted ? ending.signal.reason : error
  }
  console.log(`the store in containers works${isEncrypted ? ', with TLS' : ''}`)
}

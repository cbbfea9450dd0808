import { setTimeout } from 'node:timers/promises'
import { RpcError, type ServerInterceptor, Status, startServer } from '@books/rpc'
import { silentLog } from '../../src/shop.fixture.ts'
import { dependencies } from './dependencies.fixture.ts'
import { isNonsense, type Nonsense, serveNonsense } from './nonsense.fixture.ts'

/** How a dependency answers. */
export type Manner = 'well' | 'slowly' | 'every other time' | Nonsense

const slowMs = 7_000
const failures = [Status.UNAVAILABLE, Status.INTERNAL, Status.UNKNOWN, Status.RESOURCE_EXHAUSTED]

// A process that is a dependency: its arguments are its name and its port. Messages change its manner.
const [, , name = '', wantedPort = '0'] = process.argv
let manner: Manner = 'well'
let calls = 0
const mannered: ServerInterceptor = async (_call, next) => {
  calls++
  if (manner === 'slowly') await setTimeout(slowMs)
  if (manner === 'every other time' && calls % 2 === 0) {
    throw new RpcError(failures[(calls / 2) % failures.length] ?? Status.UNKNOWN, 'Out of order')
  }
  await next()
}

const { port, stop } = await serve(wantedPort)
let serving = { stop }
process.on('message', (wanted: Manner) => void change(wanted).then(() => process.send?.('changed')))
// It lives no longer than who started it.
process.once('disconnect', () => process.exit())
process.send?.({ port })

async function change(wanted: Manner): Promise<void> {
  const isOther = isNonsense(wanted) || isNonsense(manner)
  manner = wanted
  if (!isOther) return
  await serving.stop()
  serving = isNonsense(wanted) ? await serveNonsense(wanted, port) : await serve(String(port))
}

async function serve(port: string) {
  const dependency = dependencies.find((each) => each.name === name)
  if (!dependency) throw new Error(`no dependency is called ${name}`)
  return startServer({
    address: `127.0.0.1:${port}`,
    log: silentLog,
    services: [dependency.serve()],
    interceptors: [mannered],
    graceMs: 0,
  })
}

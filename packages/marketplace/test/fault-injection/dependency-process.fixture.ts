import { setTimeout } from 'node:timers/promises'
import { RpcError, type ServerInterceptor, Status, startServer } from '@books/rpc'
import { silentLog } from '@books/runtime/testing'
import { type BrokenServer, isBrokenServer, startBrokenServer } from './broken-servers.fixture.ts'
import { dependencies } from './dependencies.fixture.ts'

/** How a dependency answers calls. */
export type Behaviour = 'well' | 'slowly' | 'every other time' | BrokenServer

const slowMs = 7_000
const failures = [Status.UNAVAILABLE, Status.INTERNAL, Status.UNKNOWN, Status.RESOURCE_EXHAUSTED]

// This process serves a dependency: its arguments are the name and the port. Messages change its behaviour.
const [, , name = '', wantedPort = '0'] = process.argv
let behaviour: Behaviour = 'well'
let calls = 0
const misbehave: ServerInterceptor = async (_call, next) => {
  calls++
  if (behaviour === 'slowly') await setTimeout(slowMs)
  if (behaviour === 'every other time' && calls % 2 === 0) {
    throw new RpcError(failures[(calls / 2) % failures.length] ?? Status.UNKNOWN, 'Out of order')
  }
  await next()
}

const { port, stop } = await serve(wantedPort)
let serving = { stop }
process.on('message', (wanted: Behaviour) => void change(wanted).then(() => process.send?.('changed')))
// It ends with its parent process.
process.once('disconnect', () => process.exit())
process.send?.({ port })

async function change(wanted: Behaviour): Promise<void> {
  const isOther = isBrokenServer(wanted) || isBrokenServer(behaviour)
  behaviour = wanted
  if (!isOther) return
  await serving.stop()
  serving = isBrokenServer(wanted) ? await startBrokenServer(wanted, port) : await serve(String(port))
}

async function serve(port: string) {
  const dependency = dependencies.find((each) => each.name === name)
  if (!dependency) throw new Error(`Unknown dependency: ${name}`)
  return startServer({
    address: `127.0.0.1:${port}`,
    log: silentLog,
    services: [dependency.serve()],
    interceptors: [misbehave],
    graceMs: 0,
  })
}

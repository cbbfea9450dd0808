import { setTimeout } from 'node:timers/promises'
import { RpcError, type ServerInterceptor, Status, startServer } from '@books/rpc'
import { silentLog } from '../shop.fixture.ts'
import { dependencies } from './dependencies.fixture.ts'
import { isNonsense, serveNonsense } from './nonsense.fixture.ts'

/** How a dependency answers that speaks gRPC at all. */
export type Manner = 'well' | 'slowly' | 'every other time'

/** A process that is a dependency: its arguments are its name, its port, and what it does; messages change its manners. */
const [, , name = '', port = '0', doing = 'well'] = process.argv

const slowMs = 7_000
const failures = [Status.UNAVAILABLE, Status.INTERNAL, Status.UNKNOWN, Status.RESOURCE_EXHAUSTED]

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

process.on('message', (message: Manner) => {
  manner = message
  process.send?.('changed')
})
// It lives no longer than who started it.
process.once('disconnect', () => process.exit())
process.send?.({ port: isNonsense(doing) ? await serveNonsense(doing, Number(port)) : await serveWell() })

async function serveWell(): Promise<number> {
  const dependency = dependencies.find((each) => each.name === name)
  if (!dependency) throw new Error(`no dependency is called ${name}`)
  const server = await startServer({
    address: `127.0.0.1:${port}`,
    log: silentLog,
    services: [dependency.serve()],
    interceptors: [mannered],
  })
  return server.port
}

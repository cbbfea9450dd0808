import { silentLog } from '../src/call/log.ts'
import { service } from '../src/call/service.ts'
import { TourService, tour } from '../src/call/tour.fixture.ts'
import { startServer } from '../src/server/server.ts'

/** How a live server under test behaves. */
export interface Plan {
  address?: string
  start?: 'fails' | 'hangs' | 'exits'
  stop?: 'fails' | 'hangs' | 'exits'
}

/** Starts a server of the tour, in the thread of a live server. Greeting `crash` makes it fail. */
export async function start({ address = '127.0.0.1:0', ...plan }: Plan = {}) {
  if (plan.start === 'fails') throw new RangeError('unknown plan')
  if (plan.start === 'hangs') await new Promise(() => {})
  if (plan.start === 'exits') process.exit(3)

  const greet = async ({ name }: { name: string }) => {
    if (name === 'crash') setImmediate(failLater)
    return { text: `Hello, ${name}` }
  }
  const server = await startServer({ address, log: silentLog, services: [service(TourService, tour({ greet }))] })
  return {
    port: server.port,
    async stop() {
      await server.stop()
      if (plan.stop === 'fails') throw new Error('the stop failed')
      if (plan.stop === 'exits') process.exit(3)
      if (plan.stop === 'hangs') await new Promise(() => {})
    },
  }
}

function failLater() {
  throw new TypeError('the server crashes')
}

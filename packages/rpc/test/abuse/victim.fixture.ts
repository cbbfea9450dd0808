import { silentLog } from '../../src/call/log.ts'
import { service } from '../../src/call/service.ts'
import { TourService, tour } from '../../src/call/tour.fixture.ts'
import { startServer } from '../../src/server/server.ts'
import { memory } from '../memory.fixture.ts'
import { bigName } from './attacks.fixture.ts'

// A server with default limits, in a process of its own, as the target of attacks.
const handlers = tour({
  async greet({ name }) {
    return { text: name === bigName ? 'x'.repeat(250_000) : `Hello, ${name}` }
  },
})
const server = await startServer({ address: '127.0.0.1:0', log: silentLog, services: [service(TourService, handlers)] })

process.on('message', (question) => {
  if (question === 'port') process.send?.(server.port)
  if (question === 'memory') process.send?.(memory())
})
process.on('disconnect', () => process.exit())

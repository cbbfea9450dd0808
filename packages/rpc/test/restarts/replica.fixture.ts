import { silentLog } from '../../src/call/log.ts'
import { service } from '../../src/call/service.ts'
import { TourService, tour } from '../../src/call/tour.fixture.ts'
import { startServer } from '../../src/server/server.ts'

/** A process that serves one replica: its arguments are the address to listen on and options of the server as JSON. */
const [, , address = '', options = '{}'] = process.argv

const handlers = tour({
  async greet() {
    return { text: address }
  },
})
const server = await startServer({
  address,
  log: silentLog,
  services: [service(TourService, handlers)],
  ...JSON.parse(options),
})
process.once('SIGTERM', () => void server.stop())
// It ends with its parent, whose channel does not keep it alive.
process.once('disconnect', () => process.exit(1))
process.channel?.unref()
process.send?.({ port: server.port })

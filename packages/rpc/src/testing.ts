import { openChannel } from './channel.ts'
import { type Client, clientOver } from './client.ts'
import { createHealth } from './health.ts'
import { healthService } from './health-service.ts'
import { openInProcess } from './in-process.ts'
import { type Log, silentLog } from './log.ts'
import { startServer } from './server.ts'
import type { Service, ServiceDefinition } from './service.ts'
import type { Transport } from './transport.ts'

/** Services under test, and clients that reach them. */
export interface TestServer {
  /** A client of one of the services; its calls wait 5 seconds unless they say otherwise. */
  client<Definition extends ServiceDefinition>(definition: Definition): Client<Definition>
  /** Closes every client and stops. */
  stop(): Promise<void>
}

/** Serves on a free port of 127.0.0.1, with real sockets between the client and the services. */
export async function serve(
  services: readonly Service[],
  log: Log = silentLog,
): Promise<TestServer & { port: number }> {
  const server = await startServer({ address: '127.0.0.1:0', services, log })
  const channel = openChannel(`127.0.0.1:${server.port}`)

  return {
    port: server.port,
    ...clientsOver(channel),
    async stop() {
      channel.close()
      await server.stop()
    },
  }
}

/** Serves without a socket: the same clients, in this process. */
export function inProcess(services: readonly Service[], log: Log = silentLog): TestServer {
  const health = createHealth(services.map(({ name }) => name))
  const transport = openInProcess([...services, healthService(health)], log)

  return {
    ...clientsOver(transport),
    async stop() {
      health.drain()
    },
  }
}

function clientsOver(transport: Transport): Pick<TestServer, 'client'> {
  return { client: (definition) => clientOver(transport, definition, 5_000) }
}

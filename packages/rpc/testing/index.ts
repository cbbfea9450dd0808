import { surroundingsOf } from '../src/call/handler-pipeline.ts'
import { silentLog } from '../src/call/log.ts'
import { raise, unimplemented } from '../src/call/rpc-error.ts'
import { type Handlers, type Service, type ServiceDefinition, service } from '../src/call/service.ts'
import { openChannel } from '../src/client/channel.ts'
import { type CallDefaults, type Client, clientOver } from '../src/client/client.ts'
import { openInProcess } from '../src/client/in-process.ts'
import type { Transport } from '../src/client/transport.ts'
import { createHealth } from '../src/health/health.ts'
import { healthService } from '../src/health/health-service.ts'
import { type ServerOptions, startServer } from '../src/server/server.ts'
import { secureChannel } from '../src/tls/tls.ts'
import { type LiveServerOptions, type LiveThread, startThread } from './live-server.ts'

export { ServerReflectionService } from '../src/reflection/reflection-service.ts'
export { type Outage, watchHealthThrough } from './health-through-outage.ts'
export type { LiveServerModule, LiveServerOptions } from './live-server.ts'

/** Services under test, and clients that reach them. */
export interface TestServer {
  /** A client of one of the services; its calls wait 5 seconds unless they say otherwise. */
  client<Definition extends ServiceDefinition>(definition: Definition, defaults?: CallDefaults): Client<Definition>
  /** Closes every client and stops. */
  stop(): Promise<void>
}

/** What a server under test may be given. Without a log it says nothing. */
export type TestOptions = Partial<Omit<ServerOptions, 'services'>>

/**
 * Serves on a free port of 127.0.0.1, with real sockets between the client and the services. With `tls`, the clients use
 * the same certificates, which must be for localhost.
 */
export async function serve(
  services: readonly Service[],
  options: TestOptions = {},
): Promise<TestServer & { port: number }> {
  const server = await startServer({ address: '127.0.0.1:0', log: silentLog, services, ...options })
  const host = options.tls ? 'localhost' : '127.0.0.1'
  const channel = openChannel(`${host}:${server.port}`, { secured: secureChannel(options.tls) })

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
export function inProcess(
  services: readonly Service[],
  { log = silentLog, interceptors }: Pick<TestOptions, 'log' | 'interceptors'> = {},
): TestServer {
  const health = createHealth(services.map(({ name }) => name))
  const transport = openInProcess([...services, healthService(health)], surroundingsOf(log, interceptors))

  return {
    ...clientsOver(transport),
    async stop() {
      health.drain()
    },
  }
}

/**
 * Starts a whole server in a thread of its own, for tests that block or that need another event loop. The module at `url`
 * exports `start`, which runs under plain Node and resolves to the server. Rejects with the error of a start that fails;
 * `ended` and `stop` reject with what fails later.
 */
export async function startLiveServer(url: URL, options?: LiveServerOptions): Promise<TestServer & LiveThread> {
  const thread = await startThread(url, options)
  const channel = openChannel(`127.0.0.1:${thread.port}`)

  return {
    ...thread,
    ...clientsOver(channel),
    async stop() {
      channel.close()
      await thread.stop()
    },
  }
}

/** A service of which a test answers only some methods; the others are UNIMPLEMENTED. */
export function fakeService<Definition extends ServiceDefinition>(
  definition: Definition,
  handlers: Partial<Handlers<Definition>>,
): Service {
  const missing = Object.keys(definition).map((name) => [name, () => raise(unimplemented('Not in this test'))])
  return service(definition, { ...Object.fromEntries(missing), ...handlers })
}

function clientsOver(transport: Transport): Pick<TestServer, 'client'> {
  return { client: (definition, defaults) => clientOver(transport, definition, { deadlineMs: 5_000, ...defaults }) }
}

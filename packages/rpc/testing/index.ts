import { silentLog } from '../src/call/log.ts'
import { raise, unimplemented } from '../src/call/rpc-error.ts'
import { type Handlers, type Service, type ServiceDefinition, service } from '../src/call/service.ts'
import { openChannel } from '../src/client/channel.ts'
import { type CallDefaults, type Client, createTransportClient } from '../src/client/client.ts'
import type { Transport } from '../src/client/transport.ts'
import { type ServerOptions, startServer } from '../src/server/server.ts'
import { createChannelCredentials } from '../src/tls/tls.ts'
import { type LiveServerOptions, type LiveThread, startThread } from './live-server.ts'

export { type Outage, watchHealthThrough } from './health-through-outage.ts'
export type { LiveServerModule, LiveServerOptions } from './live-server.ts'
export { streamOf } from './streams.ts'

/** A server under test, and clients of its services. */
export interface TestServer extends AsyncDisposable {
  readonly port: number
  /** A client of one of the services. Its calls have a deadline of 30 seconds by default, and are not retried. */
  client<Definition extends ServiceDefinition>(definition: Definition, defaults?: CallDefaults): Client<Definition>
  /** Closes every client and stops. */
  stop(): Promise<void>
}

/** Options of a server under test. It logs nothing by default. */
export type TestOptions = Partial<Omit<ServerOptions, 'services'>>

/** Serves on a free port of 127.0.0.1. With `tls`, clients use the same certificates, which must be for localhost. */
export async function serve(services: readonly Service[], options: TestOptions = {}): Promise<TestServer> {
  const server = await startServer({ address: '127.0.0.1:0', log: silentLog, services, ...options })
  const host = options.tls ? 'localhost' : '127.0.0.1'
  const channel = openChannel(`${host}:${server.port}`, { credentials: createChannelCredentials(options.tls) })
  return testServerOf(server, channel)
}

/**
 * Starts a server in a thread of its own, for tests that block or that need another event loop. The module at `url` exports
 * `start`, which runs under plain Node and resolves to the server. Rejects with the error of a start that fails; `ended` and
 * `stop` reject with later errors.
 */
export async function startLiveServer(
  url: URL,
  options?: LiveServerOptions,
): Promise<TestServer & Pick<LiveThread, 'ended'>> {
  const thread = await startThread(url, options)
  return { ...testServerOf(thread, openChannel(`127.0.0.1:${thread.port}`)), ended: thread.ended }
}

/** A service of which a test implements only some methods; the others fail with UNIMPLEMENTED. */
export function fakeService<Definition extends ServiceDefinition>(
  definition: Definition,
  handlers: Partial<Handlers<Definition>>,
): Service {
  const missing = Object.keys(definition).map((name) => [name, () => raise(unimplemented('Not in this test'))])
  return service(definition, { ...Object.fromEntries(missing), ...handlers })
}

function testServerOf({ port, stop }: Pick<LiveThread, 'port' | 'stop'>, channel: Transport): TestServer {
  const stopAll = () => {
    channel.close()
    return stop()
  }
  return {
    port,
    client: (definition, defaults) => createTransportClient(channel, definition, { deadlineMs: 30_000, ...defaults }),
    stop: stopAll,
    [Symbol.asyncDispose]: stopAll,
  }
}

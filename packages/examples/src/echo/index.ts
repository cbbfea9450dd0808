import { EchoService, loadDescriptors } from '@books/proto'
import { addressOf, type RpcServer, service, startServer } from '@books/rpc'
import { type Log, serverTlsOf } from '@books/runtime'
import { createEcho } from './echo.ts'
import type { Settings } from './settings.ts'

export { type Settings, settingsSchema } from './settings.ts'

/** Starts echo; it answers calls once this resolves. */
export async function startEcho({ settings, log }: { settings: Settings; log: Log }): Promise<RpcServer> {
  const server = await startServer({
    address: addressOf(settings.HOST, settings.PORT),
    log,
    services: [service(EchoService, createEcho())],
    tls: serverTlsOf(settings),
    descriptors: loadDescriptors(),
    probePort: settings.PROBE_PORT,
    drainMs: settings.DRAIN_MS,
    graceMs: settings.GRACE_MS,
  })
  log.info({ port: server.port }, 'echo answers')
  return server
}

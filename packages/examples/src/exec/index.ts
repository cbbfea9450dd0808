import { loadDescriptors, MockExecService } from '@books/proto'
import { addressOf, type RpcServer, service, startServer } from '@books/rpc'
import { type Log, serverTlsOf } from '@books/runtime'
import { bounds } from './bounds.ts'
import { compileEngine } from './engine.ts'
import { createExec } from './exec.ts'
import { startSandbox } from './sandbox.ts'
import { startSandboxes } from './sandboxes.ts'
import type { Settings } from './settings.ts'

export { type Settings, settingsSchema } from './settings.ts'

/** Starts exec; it answers calls once this resolves. */
export async function startExec({ settings, log }: { settings: Settings; log: Log }): Promise<RpcServer> {
  const tls = serverTlsOf(settings)
  const code = await compileEngine()
  const onFault = (err: unknown) => log.error({ err }, 'a sandbox broke down')
  const sandboxes = await startSandboxes({
    start: () => startSandbox({ code, runMs: settings.RUN_MS, graceMs: bounds.graceMs, onFault }),
    count: settings.SANDBOXES,
    mostWaiting: settings.WAITING,
    log,
  })
  const server = await startServer({
    address: addressOf(settings.HOST, settings.PORT),
    log,
    services: [service(MockExecService, createExec({ sandboxes }))],
    tls,
    descriptors: loadDescriptors(),
    probePort: settings.PROBE_PORT,
    drainMs: settings.DRAIN_MS,
    graceMs: settings.GRACE_MS,
  }).catch(async (error) => {
    await sandboxes.stop()
    throw error
  })
  log.info({ port: server.port }, 'exec answers')

  return {
    ...server,
    async stop() {
      await server.stop()
      await sandboxes.stop()
    },
  }
}

import { enableCompileCache } from 'node:module'
import type { AnyService } from './define-service.ts'

/**
 * Loads a service and runs it as a process of its own, with the settings of its environment, until a signal stops it. Its modules are
 * compiled at the first start only.
 */
export async function runService(load: () => Promise<AnyService>): Promise<void> {
  enableCompileCache()
  const service = await load()
  const { runAlone } = await import('./run-alone.ts')
  await runAlone(service, process.env)
}

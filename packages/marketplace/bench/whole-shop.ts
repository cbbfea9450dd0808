import { createLog, startTelemetry } from '@books/runtime'
import { readServiceSettings, startService } from '@books/service'
import { marketplace } from '../src/index.ts'
import { variablesOver } from './shop-settings.ts'

/** The whole shop, with its log and metrics. */
export async function startWholeShop(servicesPort: number): Promise<number> {
  const settings = readServiceSettings(marketplace, variablesOver(servicesPort))
  const log = createLog('marketplace', settings)
  await startTelemetry({ METRICS_PORT: 0, HOST: '127.0.0.1' }, { name: 'marketplace', version: '0.0.0', log })
  const { port } = await startService(marketplace, { settings, log })
  return port
}

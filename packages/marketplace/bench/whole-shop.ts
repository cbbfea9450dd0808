import { createLog } from '@books/runtime'
import { readServiceSettings, startService } from '@books/service'
import { marketplace } from '../src/index.ts'
import { variablesOver } from './shop-settings.ts'

/** The whole shop, with its log. */
export async function startWholeShop(servicesPort: number): Promise<number> {
  const settings = readServiceSettings(marketplace, variablesOver(servicesPort))
  const { port } = await startService(marketplace, { settings, log: createLog('marketplace', settings) })
  return port
}

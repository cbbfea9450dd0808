import { createLog, readSettings } from '@books/runtime'
import { settingsSchema, startMarketplace } from '../src/index.ts'
import { variablesOver } from './shop-settings.ts'

/** The shop as it is, with its log. */
export async function startWholeShop(servicesPort: number): Promise<number> {
  const settings = readSettings(settingsSchema, variablesOver(servicesPort))
  const { port } = await startMarketplace({ settings, log: createLog('marketplace', settings) })
  return port
}

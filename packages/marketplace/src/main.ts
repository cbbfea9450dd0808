import { createLog, readSettings, startProcess, startTelemetry } from '@books/runtime'
import manifest from '../package.json' with { type: 'json' }
import { settingsSchema, startMarketplace } from './index.ts'

await startProcess('marketplace', async () => {
  const settings = readSettings(settingsSchema, process.env)
  const log = createLog('marketplace', settings)
  const telemetry = await startTelemetry(settings, { name: 'marketplace', version: manifest.version, log })
  const marketplace = await startMarketplace({ settings, log })

  return {
    async stop() {
      await marketplace.stop()
      await telemetry.stop()
    },
  }
})

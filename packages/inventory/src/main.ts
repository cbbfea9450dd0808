import { createLog, openDatabase, readSettings, startProcess, startTelemetry } from '@books/runtime'
import manifest from '../package.json' with { type: 'json' }
import { settingsSchema, startInventory } from './index.ts'

await startProcess('inventory', async () => {
  const settings = readSettings(settingsSchema, process.env)
  const log = createLog('inventory', settings)
  const telemetry = await startTelemetry(settings, { name: 'inventory', version: manifest.version, log })
  const database = await openDatabase(settings, log)
  const server = await startInventory({ settings, database, log })

  return {
    async stop() {
      await server.stop()
      await database.close()
      await telemetry.stop()
    },
  }
})

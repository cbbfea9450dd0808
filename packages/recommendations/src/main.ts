import { createLog, openDatabase, readSettings, startProcess, startTelemetry } from '@books/runtime'
import manifest from '../package.json' with { type: 'json' }
import { settingsSchema, startRecommendations } from './index.ts'

await startProcess('recommendations', async () => {
  const settings = readSettings(settingsSchema, process.env)
  const log = createLog('recommendations', settings)
  const telemetry = await startTelemetry(settings, { name: 'recommendations', version: manifest.version, log })
  const database = await openDatabase(settings, log)
  const server = await startRecommendations({ settings, database, log })

  return {
    async stop() {
      await server.stop()
      await database.close()
      await telemetry.stop()
    },
  }
})

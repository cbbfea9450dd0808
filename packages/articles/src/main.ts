import { createLog, openDatabase, readSettings, startProcess, startTelemetry } from '@books/runtime'
import manifest from '../package.json' with { type: 'json' }
import { settingsSchema, startArticles } from './index.ts'

await startProcess('articles', async () => {
  const settings = readSettings(settingsSchema, process.env)
  const log = createLog('articles', settings)
  const telemetry = await startTelemetry(settings, { name: 'articles', version: manifest.version, log })
  const database = await openDatabase(settings, log)
  const server = await startArticles({ settings, database, log })

  return {
    async stop() {
      await server.stop()
      await database.close()
      await telemetry.stop()
    },
  }
})

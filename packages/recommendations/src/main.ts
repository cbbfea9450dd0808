import { createLog, openDatabase, readSettings, startProcess } from '@books/runtime'
import { settingsSchema, startRecommendations } from './index.ts'

await startProcess('recommendations', async () => {
  const settings = readSettings(settingsSchema, process.env)
  const log = createLog('recommendations', settings)
  const database = await openDatabase(settings, log)
  const server = await startRecommendations({ settings, database, log })

  return {
    async stop() {
      await server.stop()
      await database.close()
    },
  }
})

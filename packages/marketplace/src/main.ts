import { createLog, readSettings, startProcess } from '@books/runtime'
import { settingsSchema, startMarketplace } from './index.ts'

await startProcess('marketplace', async () => {
  const settings = readSettings(settingsSchema, process.env)
  const log = createLog('marketplace', settings)

  return startMarketplace({ settings, log })
})

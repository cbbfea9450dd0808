import { createLog, readSettings, startProcess, startTelemetry } from '@books/runtime'
import manifest from '../package.json' with { type: 'json' }
import { createProgress, settingsSchema, startShop } from './index.ts'

await startProcess('books', async () => {
  const settings = readSettings(settingsSchema, process.env)
  const log = createLog('books', settings)
  const telemetry = await startTelemetry(settings, { name: 'books', version: manifest.version, log })

  console.log('Opening the store:')
  const shop = await startShop({ settings, log, progress: createProgress(process.stdout, Date.now) })
  console.log(`\nBooks is open: http://localhost:${shop.port}  (Ctrl-C closes it)`)

  return {
    async stop() {
      console.log('\nClosing the store.')
      await shop.stop()
      await telemetry.stop()
    },
  }
})

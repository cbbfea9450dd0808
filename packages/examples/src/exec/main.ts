import { createLog, readSettings, startProcess, startTelemetry } from '@books/runtime'
import manifest from '../../package.json' with { type: 'json' }
import { settingsSchema, startExec } from './index.ts'

await startProcess('exec', async () => {
  const settings = readSettings(settingsSchema, process.env)
  const log = createLog('exec', settings)
  const telemetry = await startTelemetry(settings, { name: 'exec', version: manifest.version, log })
  const server = await startExec({ settings, log })

  return {
    async stop() {
      await server.stop()
      await telemetry.stop()
    },
  }
})

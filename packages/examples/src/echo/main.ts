import { createLog, readSettings, startProcess, startTelemetry } from '@books/runtime'
import manifest from '../../package.json' with { type: 'json' }
import { settingsSchema, startEcho } from './index.ts'

await startProcess('echo', async () => {
  const settings = readSettings(settingsSchema, process.env)
  const log = createLog('echo', settings)
  const telemetry = await startTelemetry(settings, { name: 'echo', version: manifest.version, log })
  const server = await startEcho({ settings, log })

  return {
    async stop() {
      await server.stop()
      await telemetry.stop()
    },
  }
})

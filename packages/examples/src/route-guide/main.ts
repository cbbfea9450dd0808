import { createLog, readSettings, startProcess, startTelemetry } from '@books/runtime'
import manifest from '../../package.json' with { type: 'json' }
import { settingsSchema, startRouteGuide } from './index.ts'

await startProcess('route-guide', async () => {
  const settings = readSettings(settingsSchema, process.env)
  const log = createLog('route-guide', settings)
  const telemetry = await startTelemetry(settings, { name: 'route-guide', version: manifest.version, log })
  const server = await startRouteGuide({ settings, log })

  return {
    async stop() {
      await server.stop()
      await telemetry.stop()
    },
  }
})

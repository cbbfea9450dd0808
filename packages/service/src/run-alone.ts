import { createLog, type Running, startProcess, startTelemetry, variablesOf } from '@books/runtime'
import manifest from '../package.json' with { type: 'json' }
import type { AnyService } from './define-service.ts'
import { openServiceDatabase } from './open-service-database.ts'
import { readServiceSettings, type ServiceSettings, settingsSchemaOf, stopWithinMsOf } from './service-settings.ts'
import { startService } from './start-service.ts'
import { warnOfUnknownVariables } from './unknown-variables.ts'

/** Runs a service as a process of its own, with the settings of the environment, until a signal stops it. */
export async function runAlone(service: AnyService, env: NodeJS.ProcessEnv): Promise<void> {
  await startProcess(service.name, () => {
    const settings = readServiceSettings(service, env)
    return { stopWithinMs: stopWithinMsOf(settings), start: () => start(service, settings, env) }
  })
}

async function start(service: AnyService, settings: ServiceSettings, env: NodeJS.ProcessEnv): Promise<Running> {
  await using opened = new AsyncDisposableStack()
  const { name } = service
  const log = createLog(name, settings)
  const known = variablesOf(settingsSchemaOf(service))
  warnOfUnknownVariables({ services: [service], known, env }, log)

  // The repository has one version.
  const telemetry = await startTelemetry(settings, { name, version: manifest.version, log })
  opened.defer(telemetry.stop)
  const database = service.migrations && (await openServiceDatabase(settings, log))
  if (database) opened.defer(database.close)
  opened.use(await startService(service, { settings, log, database }))

  const running = opened.move()
  return {
    async stop() {
      log.info(`${name} is stopping`)
      await running.disposeAsync()
      log.info(`${name} has stopped`)
    },
  }
}

import { createLog, type Running, startProcess, startTelemetry } from '@books/runtime'
import { stopWithinMsOf, warnOfUnknownVariables } from '@books/service'
import manifest from '../package.json' with { type: 'json' }
import { createProgress, knownVariables, readStoreSettings, type StoreSettings, services, startStore } from './index.ts'

/** Runs the whole store in this process until a signal stops it. */
export function runStore(env: NodeJS.ProcessEnv): Promise<void> {
  return startProcess('books', () => {
    const settings = readStoreSettings(env)
    // They stop one after the other.
    const stops = [...settings.services.values()].map(stopWithinMsOf)
    return { stopWithinMs: stops.reduce((sum, ms) => sum + ms, 0), start: () => start(settings, env) }
  })
}

async function start(settings: StoreSettings, env: NodeJS.ProcessEnv): Promise<Running> {
  await using opened = new AsyncDisposableStack()
  const log = createLog('books', settings.process)
  warnOfUnknownVariables({ services, known: knownVariables(), env }, log)
  const telemetry = await startTelemetry(settings.process, { name: 'books', version: manifest.version, log })
  opened.defer(telemetry.stop)

  console.log('Opening the store:')
  const store = await startStore({ settings, log, progress: createProgress(process.stdout, Date.now) })
  opened.defer(store.stop)
  console.log(`\nBooks is open: http://${store.address}  (Ctrl-C closes it)`)

  const running = opened.move()
  return {
    async stop() {
      console.log('\nClosing the store.')
      await running.disposeAsync()
      console.log('The store is closed.')
    },
  }
}

import { type Log, openDatabase, type Running } from '@books/runtime'
import { type AnyService, prefixOf, type RunningService, type ServiceSettings, startService } from '@books/service'
import type { Progress } from './progress.ts'
import { services } from './services.ts'
import type { StoreSettings } from './settings.ts'

/** What the store is started with. */
export interface StoreDeps {
  settings: StoreSettings
  log: Log
  progress: Progress
}

/**
 * Starts every service in this process, each on a port of its own, calling each other by gRPC as they would apart. Resolves once
 * the web shop is open, at `port`. Where one cannot start, those that did are stopped.
 */
export async function startStore({ settings, log, progress }: StoreDeps): Promise<Running & { port: number }> {
  await using opened = new AsyncDisposableStack()
  const database = await progress('the database', () => openDatabase(settings.process, log))
  opened.defer(database.close)

  const running = new Map<string, RunningService>()
  for (const service of services) {
    const own = settings.services.get(service.name)
    if (!own) throw new TypeError(`there are no settings of ${service.name}`)
    const started = await progress(service.name, () =>
      startService(service, {
        settings: { ...own, ...portsOf(service, running) },
        log: log.child({ service: service.name }, { level: own.LOG_LEVEL }),
        database,
      }),
    )
    running.set(service.name, opened.use(started))
  }

  const { port } = findPublic(running)
  const store = opened.move()
  return { port, stop: () => store.disposeAsync() }
}

/** Where its dependencies listen in this process. */
function portsOf({ dependencies }: AnyService, running: ReadonlyMap<string, RunningService>): Partial<ServiceSettings> {
  const ports = Object.keys(dependencies).map((name) => [`${prefixOf(name)}PORT`, running.get(name)?.port])
  return Object.fromEntries(ports)
}

function findPublic(running: ReadonlyMap<string, RunningService>): RunningService {
  const service = services.find(({ deployment }) => deployment.isPublic)
  const found = service && running.get(service.name)
  if (!found) throw new TypeError('no service of the store is public')
  return found
}

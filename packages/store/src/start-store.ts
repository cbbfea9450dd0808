import { type Log, type Running, StartError } from '@books/runtime'
import {
  type AnyService,
  openServiceDatabase,
  prefixOf,
  type RunningService,
  reachableHostOf,
  type ServiceSettings,
  startService,
} from '@books/service'
import type { Progress } from './progress.ts'
import { services } from './services.ts'
import type { StoreSettings } from './settings.ts'

/** What the store is started with. */
export interface StoreDeps {
  settings: StoreSettings
  log: Log
  progress: Progress
}

/** The store while it is open, at the address and the port of the web shop. */
export interface OpenStore extends Running, Pick<RunningService, 'address' | 'port'> {}

/**
 * Starts every service in this process, each on a port of its own, calling each other by gRPC as they would apart. Resolves once
 * the web shop is open. Where one cannot start, those that did are stopped.
 */
export async function startStore({ settings, log, progress }: StoreDeps): Promise<OpenStore> {
  await using opened = new AsyncDisposableStack()
  const database = await progress('the database', () => openServiceDatabase(settings.process, log))
  opened.defer(database.close)

  const running = new Map<string, RunningService>()
  for (const service of services) {
    const own = settings.services.get(service.name)
    if (!own) throw new TypeError(`there are no settings of ${service.name}`)
    const serviceLog = log.child({ service: service.name }, { level: own.LOG_LEVEL })
    const started = await progress(service.name, () =>
      startService(service, {
        settings: { ...own, ...addressesOf(service, running, settings) },
        log: serviceLog,
        database,
      }),
    ).catch((cause: unknown) => {
      throw named(service, cause)
    })
    running.set(service.name, opened.use(started))
  }

  const { address, port } = findPublic(running)
  const store = opened.move()
  return { address, port, stop: () => store.disposeAsync() }
}

/** Where its dependencies listen in this process. */
function addressesOf(
  { dependencies }: AnyService,
  running: ReadonlyMap<string, RunningService>,
  settings: StoreSettings,
): Partial<ServiceSettings> {
  const addresses = Object.keys(dependencies).flatMap((name) => {
    return [
      [`${prefixOf(name)}HOST`, reachableHostOf(settings.services.get(name)?.HOST ?? '::')],
      [`${prefixOf(name)}PORT`, running.get(name)?.port],
    ]
  })
  return Object.fromEntries(addresses)
}

/** An expected error with the name of the service that could not start, and with the variable that moves its port. */
function named({ name, deployment }: AnyService, cause: unknown): unknown {
  const isExpected = cause instanceof StartError || (cause instanceof Error && 'syscall' in cause)
  if (!isExpected) return cause
  const isPortTaken = 'syscall' in cause && cause.syscall === 'listen' && 'code' in cause && cause.code === 'EADDRINUSE'
  const remedy = isPortTaken ? `; set ${deployment.isPublic ? '' : prefixOf(name)}PORT to another` : ''
  return new StartError(`${name}: ${cause.message}${remedy}`, { cause })
}

function findPublic(running: ReadonlyMap<string, RunningService>): RunningService {
  const service = services.find(({ deployment }) => deployment.isPublic)
  const found = service && running.get(service.name)
  if (!found) throw new TypeError('no service of the store is public')
  return found
}

import { loadDescriptors } from '@books/proto'
import { addressOf, checkTlsFiles, type ReadinessChecks, readinessCheckOf, startServer } from '@books/rpc'
import { clientTlsOf, type Database, type Log, serverTlsOf } from '@books/runtime'
import { authorizeCallers } from './authorize-callers.ts'
import type { AnyService, Served } from './define-service.ts'
import { createClients, type HttpEndpoint } from './dependency.ts'
import { openTables } from './open-tables.ts'
import { reachableHostOf } from './reachable-host.ts'
import { reportUnavailableDatabase } from './report-unavailable-database.ts'
import type { ServiceSettings } from './service-settings.ts'

type Clients = Readonly<Record<string, { close(): void } | HttpEndpoint>>

/** What a service is started from. */
export interface StartServiceDeps {
  settings: ServiceSettings
  log: Log
  /** Needed by a service with migrations. */
  database?: Database | undefined
}

/** A service that answers. */
export interface RunningService extends AsyncDisposable {
  readonly port: number
  /** `host:port`, under which this machine reaches it. */
  readonly address: string
  /** The plaintext port that serves only health, where there is one. */
  readonly probePort: number | undefined
  /** Takes no new calls, lets running ones end within the grace period, and closes everything that the start opened. */
  stop(): Promise<void>
}

/**
 * Starts a service, which answers once this resolves. Where a step of the start fails, everything that was begun before is
 * closed again, in the opposite order, and the error of that step is thrown.
 */
export async function startService(
  service: AnyService,
  { settings, log, database }: StartServiceDeps,
): Promise<RunningService> {
  const cleanup = new AsyncDisposableStack()
  const stopping = new AbortController()
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopping.abort()
    stopped ??= cleanup.disposeAsync()
    return stopped
  }

  try {
    // The clients and the server read them again; here nothing has been changed yet.
    const tls = service.protocol === 'grpc' ? serverTlsOf(settings) : clientTlsOf(settings)
    if (tls) checkTlsFiles(tls)
    const clients: Clients = createClients(service.dependencies, { settings, log })
    for (const client of Object.values(clients)) if ('close' in client) cleanup.defer(() => client.close())
    const tables = service.migrations && (await openTables(service, requireDatabase(service, database)))
    const { signal } = stopping
    const context = {
      ...{ settings, tables, clients, log, signal, cleanup },
      ...{ isDatabaseShared: database?.isShared, dataFolder: database?.folder },
    }

    const started = await service.start(context as never)
    const listening = 'services' in started ? await serve(started) : { probePort: undefined, ...started }
    cleanup.defer(() => listening.stop())
    log.info({ port: listening.port }, `${service.name} answers`)
    return {
      port: listening.port,
      address: addressOf(reachableHostOf(settings.HOST), listening.port),
      probePort: listening.probePort,
      ...{ stop, [Symbol.asyncDispose]: stop },
    }

    function serve({ services, interceptors = [], readinessChecks }: Served) {
      requireMethods(service, services)
      const authorization = tls?.ca ? [authorizeCallers(service)] : []
      return startServer({
        address: addressOf(settings.HOST, settings.PORT),
        ...{ log, services, tls },
        interceptors: [...authorization, reportUnavailableDatabase(log), ...interceptors],
        descriptors: loadDescriptors(),
        readinessChecks: {
          ...(service.migrations && database && { database: database.ping }),
          ...requiredOf(service, clients),
          ...readinessChecks,
        },
        probePort: settings.PROBE_PORT,
        drainMs: settings.DRAIN_MS,
        graceMs: settings.GRACE_MS,
        maxDeadlineMs: settings.MAX_DEADLINE_MS,
      })
    }
  } catch (error) {
    await stop().catch((err: unknown) => log.error({ err }, 'the start failed, and so did closing what it had opened'))
    throw error
  }
}

/** Throws where `methodCallers` names a method that the service does not have: it would be open to all of its callers. */
function requireMethods({ name, methodCallers = {} }: AnyService, services: Served['services']): void {
  const paths = services.flatMap(({ routes }) => routes.map(({ method }) => method.path))
  const missing = Object.keys(methodCallers).find((method) => !paths.some((path) => path.endsWith(`/${method}`)))
  if (missing) throw new TypeError(`methodCallers of ${name} names ${missing}, which is no method of it`)
}

function requireDatabase({ name }: AnyService, database: Database | undefined): Database {
  if (!database) throw new TypeError(`${name} has migrations and needs a database`)
  return database
}

/** The dependencies without which a service is not ready. */
function requiredOf({ dependencies }: AnyService, clients: Clients): ReadinessChecks {
  const required = Object.entries(clients).flatMap(([name, client]) =>
    'close' in client && !dependencies[name]?.isOptional ? [[name, readinessCheckOf(client)] as const] : [],
  )
  return Object.fromEntries(required)
}

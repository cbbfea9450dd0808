import { Server } from '@grpc/grpc-js'
import type { Log } from '../call/log.ts'
import { requireDuration, timerDelay } from '../call/max-timer.ts'
import { disablePretenuring } from '../call/pretenuring.ts'
import { Registry } from '../call/registry.ts'
import type { ServerCall } from '../call/server-call.ts'
import type { Service } from '../call/service.ts'
import { connectionAge } from '../connections/connection-age.ts'
import { createConnectionManager } from '../connections/connection-manager.ts'
import { defaultLimits, type Limits, serverOptionsOf } from '../connections/limits.ts'
import { createHealth, type Health } from '../health/health.ts'
import { healthService } from '../health/health-service.ts'
import { pollReadinessChecks, type ReadinessChecks, type ReadinessPolling } from '../health/readiness-checks.ts'
import { reflectionServices } from '../reflection/reflection-service.ts'
import { createServerCredentials } from '../tls/tls.ts'
import type { TlsFiles } from '../tls/tls-files.ts'
import { limitConcurrency, limitHealthWatches } from './concurrency-limit.ts'
import { drain } from './drain.ts'
import { createHandlerPipeline, type ServerInterceptor } from './handler-pipeline.ts'
import { candidatesOf, listen } from './listen.ts'
import { startProbeServer } from './probe-server.ts'
import { register } from './register.ts'

/** What a server is started with. */
export interface ServerOptions {
  /** `host:port`. `[::]` listens on all addresses of the machine, IPv4 included; port 0 takes a free port. */
  address: string
  log: Log
  services: readonly Service[]
  /** The certificates, reloaded when their files change. Plaintext without them. */
  tls?: TlsFiles | undefined
  /** The descriptors of the contracts, for reflection: a FileDescriptorSet with its imports. No reflection without them. */
  descriptors?: Uint8Array | undefined
  /** The server is ready only while all of these checks pass. */
  readinessChecks?: ReadinessChecks | undefined
  /** How often each check runs, and how long it may take: a second each by default. */
  readinessPolling?: ReadinessPolling | undefined
  /** An optional plaintext port that serves only health, for probes without TLS. 0 takes a free port. */
  probePort?: number | undefined
  /** Interceptors of every call but those of health, outermost first. */
  interceptors?: readonly ServerInterceptor[] | undefined
  /**
   * The longest that a call may take, in milliseconds, whatever deadline its caller sent, if any; unlimited by default.
   * A method may have a value of its own: see `ServiceOptions`.
   */
  maxDeadlineMs?: number | undefined
  /** How long `stop` still accepts calls while load balancers notice that the server is not ready, in milliseconds; 0 by default. */
  drainMs?: number | undefined
  /** How long `stop` waits for active calls, in milliseconds; 10 seconds by default. */
  graceMs?: number | undefined
  /** The longest that a connection accepts new calls, in milliseconds; 30 seconds by default. */
  connectionAgeMs?: number | undefined
  /** Limits in place of the defaults. */
  limits?: Partial<Limits> | undefined
}

/** A running server. */
export interface RpcServer extends AsyncDisposable {
  readonly port: number
  /** The port that serves only health, where there is one. */
  readonly probePort: number | undefined
  readonly health: Health
  /** Turns not ready, drains, accepts no new calls, lets active calls finish within the grace period, and closes. */
  stop(): Promise<void>
}

/**
 * Starts a server of the services and their health. Rejects with `EADDRINUSE` where the port is taken, and with an error
 * that names the file where a certificate is missing or invalid, or the method that two services have. Nothing stays open then.
 */
export async function startServer(options: ServerOptions): Promise<RpcServer> {
  const { address, log, services, descriptors, interceptors = [], readinessChecks = {} } = options
  const maxDeadlineMs = requireDuration('maxDeadlineMs', options.maxDeadlineMs ?? Number.POSITIVE_INFINITY)
  const drainMs = timerDelay('drainMs', options.drainMs ?? 0)
  const graceMs = timerDelay('graceMs', options.graceMs ?? 10_000)
  const connectionAgeMs = timerDelay('connectionAgeMs', options.connectionAgeMs ?? 30_000)
  const everyMs = timerDelay('readinessPolling.everyMs', options.readinessPolling?.everyMs ?? 1_000)
  const withinMs = timerDelay('readinessPolling.withinMs', options.readinessPolling?.withinMs ?? 1_000)
  const limits = { ...defaultLimits, ...options.limits }
  disablePretenuring()
  using opened = new DisposableStack()
  const { credentials, close: closeCredentials } = createServerCredentials(options.tls, log)
  opened.defer(closeCredentials)
  const server = new Server({ ...serverOptionsOf(limits), ...connectionAge(connectionAgeMs) })
  liftResetLimit(server)
  const activeCalls = new Registry<ServerCall>()
  const connections = createConnectionManager(limits, log)
  const names = services.map(({ name }) => name)
  const health = createHealth(names, Object.keys(readinessChecks))
  const ownService = healthService(health)
  const reflection = descriptors ? reflectionServices(descriptors, [...names, ownService.name]) : []

  const idleRequestsMs = timerDelay('limits.idleRequestsMs', limits.idleRequestsMs)
  const { stalledResponses, unfinishedRequests } = connections
  const shared = { activeCalls, stalledResponses, unfinishedRequests, log, idleRequestsMs }
  const pipeline = createHandlerPipeline(log, limitConcurrency(limits), interceptors)
  register(server, [...services, ...reflection], { ...shared, pipeline, maxDeadlineMs })
  // A check of health is never refused for load, and a watch of it has no deadline.
  register(server, [ownService], {
    ...shared,
    pipeline: createHandlerPipeline(log, limitHealthWatches(limits)),
    maxDeadlineMs: Number.POSITIVE_INFINITY,
  })

  const probes =
    options.probePort === undefined
      ? undefined
      : await startProbeServer(withPort(address, options.probePort), health, log)
  if (probes) opened.defer(probes.close)
  const port = await listen(server, candidatesOf(address), credentials)
  connections.start(server)
  opened.defer(connections.stop)
  const polling = new AbortController()
  pollReadinessChecks(readinessChecks, { health, log, everyMs, withinMs, stopped: polling.signal })

  const toClose = opened.move()
  let stopping: Promise<void> | undefined
  const running: RpcServer = {
    port,
    probePort: probes?.port,
    health,
    stop() {
      polling.abort()
      stopping ??= drain({ server, connections, health, activeCalls, drainMs, graceMs }).finally(() =>
        toClose.dispose(),
      )
      return stopping
    },
    // By way of `this`, so that a server that is spread into an object with a `stop` of its own calls that one.
    [Symbol.asyncDispose]() {
      return this.stop()
    },
  }
  return running
}

// Node itself ends a connection after 1,000 resets, and then 33 a second, whatever they are: those of callers whose deadlines pass while
// a database hangs, too. `resetsPerConnection` takes its place.
// @NOTE grpc-js has no option for it. Its version is pinned, and the compiler checks the name of the field.
function liftResetLimit(server: Server): void {
  Object.assign(server['commonServerOptions'], { streamResetBurst: 1_000_000, streamResetRate: 1_000_000 })
}

function withPort(address: string, port: number): string {
  return `${address.slice(0, address.lastIndexOf(':'))}:${port}`
}

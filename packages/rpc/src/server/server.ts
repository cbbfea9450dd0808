import { Server } from '@grpc/grpc-js'
import type { ServedCall } from '../call/call.ts'
import { type ServerInterceptor, surroundingsOf } from '../call/handler-pipeline.ts'
import { defaultLimits, type Limits, serverOptionsOf } from '../call/limits.ts'
import type { Log } from '../call/log.ts'
import type { Service } from '../call/service.ts'
import { connectionAge } from '../connections/connection-age.ts'
import { createGuard } from '../connections/connection-manager.ts'
import { createHealth, type Health } from '../health/health.ts'
import { healthService } from '../health/health-service.ts'
import { startProbeServer } from '../health/probe-server.ts'
import { followReadinessChecks, type ReadinessChecks, type ReadinessPolling } from '../health/readiness-checks.ts'
import { reflectionServices } from '../reflection/reflection-service.ts'
import { secureServer } from '../tls/tls.ts'
import type { TlsFiles } from '../tls/tls-files.ts'
import { shedCalls } from './concurrency-limit.ts'
import { drain } from './drain.ts'
import { candidatesOf, listen } from './listen.ts'
import { register } from './register.ts'

/** What a server is started with. */
export interface ServerOptions {
  /** `host:port`. `[::]` listens on all of the machine's addresses, IPv4 too; port 0 takes a free one. */
  address: string
  log: Log
  services: readonly Service[]
  /** Its certificates, which are followed when their files change. Without them nothing is encrypted. */
  tls?: TlsFiles | undefined
  /** What the contracts say of themselves, for reflection: a FileDescriptorSet with its imports. Without it there is none. */
  descriptors?: Uint8Array | undefined
  /** What the services cannot work without: they are ready only while all of it is there. */
  readinessChecks?: ReadinessChecks | undefined
  /** How often to look at each need, and how long that may take: both a second unless said otherwise. */
  readinessPolling?: ReadinessPolling | undefined
  /**
   * The port of a second door beside the first, without encryption, that answers health alone: for probes that cannot
   * speak TLS. 0 takes a free one.
   */
  probePort?: number | undefined
  /** What surrounds every handler, outermost first; not that of health. */
  interceptors?: readonly ServerInterceptor[] | undefined
  /** The longest a call may take, in milliseconds, whatever its caller allows. Without it a caller may wait forever. */
  maxDeadlineMs?: number | undefined
  /** How long `stop` still answers every call while load balancers learn that it is not ready, in milliseconds; 0 otherwise. */
  drainMs?: number | undefined
  /** What the server puts up with, where that is not the default. */
  limits?: Partial<Limits> | undefined
  /** How long `stop` waits for running calls, in milliseconds. */
  graceMs?: number | undefined
  /** The longest that a connection takes new calls, in milliseconds; 30 seconds otherwise. */
  connectionAgeMs?: number | undefined
}

/** A server that answers calls. */
export interface RpcServer {
  readonly port: number
  /** The port of the second door, where there is one. */
  readonly probePort: number | undefined
  readonly health: Health
  /** Turns not ready, waits, takes no new calls, lets running ones finish within the grace period, and closes. */
  stop(): Promise<void>
}

/**
 * Serves the services and their health, once its certificates are loaded. Fails with `EADDRINUSE` where the port is
 * taken, and with an error that names the file where a certificate is missing or wrong.
 */
export async function startServer(options: ServerOptions): Promise<RpcServer> {
  const { address, log, services, descriptors, interceptors = [], readinessChecks = {} } = options
  const { maxDeadlineMs = Number.POSITIVE_INFINITY, drainMs = 0, graceMs = 10_000, connectionAgeMs = 30_000 } = options
  const limits = { ...defaultLimits, ...options.limits }
  const secured = secureServer(options.tls, log)
  const server = new Server({ ...serverOptionsOf(limits), ...connectionAge(connectionAgeMs) })
  const running = new Set<ServedCall>()
  const guard = createGuard(limits, log)
  const names = services.map(({ name }) => name)
  const health = createHealth(names, Object.keys(readinessChecks))
  const ownService = healthService(health)
  const reflection = descriptors ? reflectionServices(descriptors, [...names, ownService.name]) : []

  const shared = { running, untaken: guard.untaken }
  const surroundings = surroundingsOf(log, [shedCalls(limits.callsInFlight), ...interceptors])
  register(server, [...services, ...reflection], { ...shared, surroundings, maxDeadlineMs })
  // Never shed, and watched for as long as somebody likes.
  register(server, [ownService], {
    ...shared,
    surroundings: surroundingsOf(log),
    maxDeadlineMs: Number.POSITIVE_INFINITY,
  })

  const probes =
    options.probePort === undefined
      ? undefined
      : await startProbeServer(besides(address, options.probePort), health, log)
  const port = await listen(server, candidatesOf(address), secured.credentials).catch((error) => {
    secured.close()
    probes?.close()
    throw error
  })
  guard.begin(server)
  const following = new AbortController()
  followReadinessChecks(
    readinessChecks,
    health,
    log,
    options.readinessPolling ?? { everyMs: 1_000, withinMs: 1_000 },
    following.signal,
  )

  let stopping: Promise<void> | undefined
  return {
    port,
    probePort: probes?.port,
    health,
    stop() {
      following.abort()
      stopping ??= drain({ server, health, running, drainMs, graceMs }).finally(() => {
        guard.end()
        secured.close()
        probes?.close()
      })
      return stopping
    },
  }
}

/** The same host with another port. */
function besides(address: string, port: number): string {
  return `${address.slice(0, address.lastIndexOf(':'))}:${port}`
}

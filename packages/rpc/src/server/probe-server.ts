import { Server } from '@grpc/grpc-js'
import type { Log } from '../call/log.ts'
import { Registry } from '../call/registry.ts'
import { createConnectionManager } from '../connections/connection-manager.ts'
import { defaultLimits, serverOptionsOf } from '../connections/limits.ts'
import type { Health } from '../health/health.ts'
import { healthService } from '../health/health-service.ts'
import { limitHealthWatches } from './concurrency-limit.ts'
import { createHandlerPipeline } from './handler-pipeline.ts'
import { candidatesOf, listen } from './listen.ts'
import { register } from './register.ts'

/** A plaintext server of health alone. */
export interface ProbeServer {
  readonly port: number
  close(): void
}

/** Serves the health of another server in plaintext, and nothing else. Rejects with `EADDRINUSE` where the port is taken. */
export async function startProbeServer(address: string, health: Health, log: Log): Promise<ProbeServer> {
  const server = new Server(serverOptionsOf(defaultLimits))
  const connections = createConnectionManager(defaultLimits, log)
  const { stalledResponses, unfinishedRequests } = connections
  register(server, [healthService(health)], {
    pipeline: createHandlerPipeline(log, limitHealthWatches(defaultLimits)),
    activeCalls: new Registry(),
    stalledResponses,
    unfinishedRequests,
    log,
    maxDeadlineMs: Number.POSITIVE_INFINITY,
    idleRequestsMs: defaultLimits.idleRequestsMs,
  })
  const port = await listen(server, candidatesOf(address))
  connections.start(server)

  return {
    port,
    close() {
      connections.stop()
      connections.forceShutdown(server)
    },
  }
}

import { Server } from '@grpc/grpc-js'
import { surroundingsOf } from '../call/handler-pipeline.ts'
import { defaultLimits, serverOptionsOf } from '../call/limits.ts'
import type { Log } from '../call/log.ts'
import { createGuard } from '../connections/connection-manager.ts'
import { candidatesOf, listen } from '../server/listen.ts'
import { register } from '../server/register.ts'
import type { Health } from './health.ts'
import { healthService } from './health-service.ts'

/** A door that probes knock on. */
export interface ProbeServer {
  readonly port: number
  close(): void
}

/** Answers the health of another server, and nothing else, without encryption. Fails with `EADDRINUSE` where the port is taken. */
export async function startProbeServer(address: string, health: Health, log: Log): Promise<ProbeServer> {
  const server = new Server(serverOptionsOf(defaultLimits))
  const guard = createGuard(defaultLimits, log)
  register(server, [healthService(health)], {
    surroundings: surroundingsOf(log),
    running: new Set(),
    untaken: guard.untaken,
    maxDeadlineMs: Number.POSITIVE_INFINITY,
  })
  const port = await listen(server, candidatesOf(address))
  guard.begin(server)

  return {
    port,
    close() {
      guard.end()
      server.forceShutdown()
    },
  }
}

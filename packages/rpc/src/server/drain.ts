import { setTimeout as delay } from 'node:timers/promises'
import type { Server } from '@grpc/grpc-js'
import type { Registry } from '../call/registry.ts'
import { RpcError, Status } from '../call/rpc-error.ts'
import type { ServerCall } from '../call/server-call.ts'
import type { ConnectionManager } from '../connections/connection-manager.ts'
import type { Health } from '../health/health.ts'

/** A server to stop, and how much time it has. */
export interface Drain {
  server: Server
  connections: ConnectionManager
  health: Health
  /** The calls whose response is not sent yet. */
  activeCalls: Pick<Registry<ServerCall>, 'entries'>
  /** How long calls are still accepted while load balancers notice that the server is not ready. */
  drainMs: number
  /** How long active calls have after that. */
  graceMs: number
}

// How long clients have to receive the status of a call that was aborted.
const flushMs = 500

/** Stops a server without losing a call that it could have completed. */
export async function drain({ server, connections, health, activeCalls, drainMs, graceMs }: Drain): Promise<void> {
  health.drain()
  if (drainMs > 0) await delay(drainMs)

  const closed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()))
  if (await settlesWithin(graceMs, closed)) return

  for (const { member: call } of activeCalls.entries())
    call.abort(new RpcError(Status.UNAVAILABLE, 'The server is shutting down'))
  if (await settlesWithin(flushMs, closed)) return

  connections.forceShutdown(server)
  await closed
}

async function settlesWithin(ms: number, promise: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false)
  })
  const settled = await Promise.race([promise.then(() => true), timeout])
  clearTimeout(timer)
  return settled
}

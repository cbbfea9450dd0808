import { setTimeout as delay } from 'node:timers/promises'
import type { Server } from '@grpc/grpc-js'
import type { ServedCall } from '../call/call.ts'
import { RpcError, Status } from '../call/rpc-error.ts'
import type { Health } from '../health/health.ts'

/** A server about to stop, and how much time it has. */
export interface Drain {
  server: Server
  health: Health
  /** The calls that are not answered yet. */
  running: ReadonlySet<ServedCall>
  /** How long every call is still answered while load balancers learn that the server is not ready. */
  drainMs: number
  /** How long running calls have after that. */
  graceMs: number
}

// How long callers have to take the last status of a call that was cut off.
const lastWordMs = 500

/** Stops a server so that no call is lost that could have been answered. */
export async function drain({ server, health, running, drainMs, graceMs }: Drain): Promise<void> {
  health.drain()
  if (drainMs > 0) await delay(drainMs)

  const closed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()))
  if (await settlesWithin(graceMs, closed)) return

  for (const call of running) call.abort(new RpcError(Status.UNAVAILABLE, 'The server is shutting down'))
  if (await settlesWithin(lastWordMs, closed)) return

  server.forceShutdown()
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

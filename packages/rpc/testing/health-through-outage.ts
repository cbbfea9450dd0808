import { createHealthClient } from '../src/client/client.ts'
import { ServingStatus } from '../src/health/health-service.ts'

/** What a service needs, and how it is taken away and given back. */
export interface Outage {
  begin(): Promise<unknown>
  end(): Promise<unknown>
}

/**
 * Watches the health of a service that answers on a port of this machine through an outage of what it needs, which begins once it
 * serves and ends once it does not. Resolves to what it says from when it first serves until it serves again.
 */
export async function watchHealthThrough(port: number, service: string, outage: Outage): Promise<ServingStatus[]> {
  const health = createHealthClient({ address: `localhost:${port}`, deadlineMs: 60_000 })
  const seen: ServingStatus[] = []
  try {
    for await (const { status } of health.watch({ service })) {
      const isServing = status === ServingStatus.SERVING
      // Until it first serves it may say anything.
      if (seen.length === 0 && !isServing) continue
      seen.push(status)
      if (isServing && seen.length > 1) break
      await (isServing ? outage.begin() : outage.end())
    }
    return seen
  } finally {
    health.close()
  }
}

import { createHealthClient } from '../src/client/client.ts'
import { ServingStatus } from '../src/health/health-service.ts'

/** How to begin and end the outage of a dependency. */
export interface Outage {
  begin(): Promise<unknown>
  end(): Promise<unknown>
}

/**
 * Watches the health of a service on a local port through an outage, which begins once it is serving and ends once it is
 * not. Resolves to the statuses from when it is first serving until it is serving again.
 */
export async function watchHealthThrough(port: number, service: string, outage: Outage): Promise<ServingStatus[]> {
  const health = createHealthClient({ address: `localhost:${port}`, deadlineMs: 60_000 })
  const seen: ServingStatus[] = []
  try {
    for await (const { status } of health.watch({ service })) {
      const isServing = status === ServingStatus.SERVING
      // Any status may come before it is first serving.
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

import { RpcError, Status } from '../call/rpc-error.ts'
import { HealthService, ServingStatus } from '../health/health-service.ts'
import type { ReadinessCheck } from '../health/readiness-checks.ts'
import { clientOver, originOf } from './client.ts'

/**
 * The need for the service behind a client: met while that says of itself, over the client's own channel, that it serves.
 * A server without health counts as serving when it answers at all.
 */
export function readinessCheckOf(client: { close(): void }): ReadinessCheck {
  const origin = originOf(client)
  if (!origin) throw new TypeError('readinessCheckOf takes a client that createClient made')
  const health = clientOver(origin.transport, HealthService)

  return async (signal) => {
    const status = await check(origin.service, signal)
    if (status !== ServingStatus.SERVING) throw new Error(`${origin.service} does not serve`)
  }

  async function check(service: string, signal: AbortSignal): Promise<ServingStatus> {
    try {
      const answer = await health.check({ service }, { signal })
      return answer.status
    } catch (error) {
      // As grpc's own health checks of a client do (gRFC A17).
      if (error instanceof RpcError && error.code === Status.UNIMPLEMENTED) return ServingStatus.SERVING
      throw error
    }
  }
}

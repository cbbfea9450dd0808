import { RpcError, Status } from '../call/rpc-error.ts'
import { HealthService, ServingStatus } from '../health/health-service.ts'
import type { ReadinessCheck } from '../health/readiness-checks.ts'
import { createTransportClient, originOf } from './client.ts'

/**
 * A readiness check of the service behind a client. It passes while that service reports, over the client's own channel,
 * that it is serving. A server without health counts as serving while it responds.
 */
export function readinessCheckOf(client: { close(): void }): ReadinessCheck {
  const origin = originOf(client)
  if (!origin) throw new TypeError('readinessCheckOf takes a client made by createClient')
  const health = createTransportClient(origin.transport, HealthService)

  return async (signal) => {
    const status = await check(origin.service, signal)
    if (status !== ServingStatus.SERVING) throw new Error(`${origin.service} is not serving`)
  }

  async function check(service: string, signal: AbortSignal): Promise<ServingStatus> {
    try {
      const { status } = await health.check({ service }, { signal })
      return status
    } catch (error) {
      // As in gRPC's own client-side health checks (gRFC A17).
      if (error instanceof RpcError && error.code === Status.UNIMPLEMENTED) return ServingStatus.SERVING
      throw error
    }
  }
}

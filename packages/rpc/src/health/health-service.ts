import { notFound, raise } from '../call/rpc-error.ts'
import { type Service, service } from '../call/service.ts'
import { HealthService, HealthCheckResponse_ServingStatus as ServingStatus } from '../gen/grpc/health/v1/health.ts'
import type { Health } from './health.ts'

export { HealthService, ServingStatus }

/** The standard gRPC health service. */
export function healthService(health: Health): Service {
  return service(HealthService, {
    async check({ service: name }) {
      const serving = health.isServing(name) ?? raise(notFound('No such service'))
      return { status: statusOf(serving) }
    },
    async *watch({ service: name }, call) {
      for await (const serving of health.watch(name, call.signal)) yield { status: statusOf(serving) }
    },
  })
}

function statusOf(serving: boolean | undefined): ServingStatus {
  if (serving === undefined) return ServingStatus.SERVICE_UNKNOWN
  return serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING
}

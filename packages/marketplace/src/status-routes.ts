import { type Client, type HealthService, ServingStatus } from '@books/rpc'
import type { FastifyInstance } from 'fastify'
import { paths } from './paths.ts'

/**
 * What orchestrators ask. `/healthz`: the process answers. `/readyz`: pages open, which they do without
 * recommendations, too; so those are told of, but being without them does not make the shop unready.
 */
export function statusRoutes(recommendationsHealth: Client<typeof HealthService>) {
  return async (app: FastifyInstance) => {
    app.get(paths.healthz, async () => ({ status: 'ok' }))

    app.get(paths.readyz, async () => ({ status: 'ready', recommendations: await statusOf(recommendationsHealth) }))
  }
}

async function statusOf(health: Client<typeof HealthService>): Promise<string> {
  return health.check({ service: 'Recommendations' }).then(
    ({ status }) => (status === ServingStatus.SERVING ? 'serving' : 'not serving'),
    () => 'unreachable',
  )
}

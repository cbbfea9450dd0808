import type { FastifyInstance } from 'fastify'
import type { Backends } from '../../backends/backends.ts'
import { routes } from '../paths.ts'

/**
 * Health checks for orchestrators. `/healthz` answers while the process does. `/readyz` answers while pages open, which they do
 * without backends, too: it lists the health of each, and an unavailable one does not make the shop unready.
 */
export function statusRoutes(backends: Backends) {
  return async (app: FastifyInstance) => {
    app.get(routes.healthz, async () => ({ status: 'ok' }))

    app.get(routes.readyz, async () => ({ status: 'ready', ...(await backends.readStatuses()) }))
  }
}

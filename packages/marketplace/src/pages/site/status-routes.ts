import type { FastifyInstance } from 'fastify'
import type { Sources } from '../../backends/backends.ts'
import { paths } from '../paths.ts'

/**
 * What orchestrators ask. `/healthz`: the process answers. `/readyz`: pages open, which they do without the services
 * behind them, too; so those are told of, but being without them does not make the shop unready.
 */
export function statusRoutes(sources: Sources) {
  return async (app: FastifyInstance) => {
    app.get(paths.healthz, async () => ({ status: 'ok' }))

    app.get(paths.readyz, async () => ({ status: 'ready', ...(await sources.readStatuses()) }))
  }
}

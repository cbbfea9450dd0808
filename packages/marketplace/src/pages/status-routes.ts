import type { FastifyInstance } from 'fastify'
import { paths } from '../paths.ts'
import type { Sources } from '../sources/sources.ts'

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

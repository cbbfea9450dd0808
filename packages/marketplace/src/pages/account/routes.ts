import type { FastifyInstance } from 'fastify'
import { cacheControl } from '../../http/caching/cache-control.ts'
import { accountPageRoutes } from './account-routes.ts'
import { deleteRoutes } from './delete-routes.ts'
import { emailRoutes } from './email-routes.ts'
import { passwordRoutes } from './password-routes.ts'
import type { AccountBackends } from './send-form.ts'
import { signInRoutes } from './sign-in-routes.ts'
import { signUpRoutes } from './sign-up-routes.ts'

/** The pages with which visitors become readers, and on which readers change what is known of them. */
export function accountRoutes(backends: AccountBackends) {
  return async (app: FastifyInstance) => {
    app.addHook('onRequest', async (_request, reply) => {
      // The URLs of some have the token of a mail. `no-referrer` would make browsers send forms with `Origin: null`.
      reply.header('cache-control', cacheControl.noStore).header('referrer-policy', 'strict-origin')
    })

    await app.register(signUpRoutes(backends))
    await app.register(signInRoutes(backends))
    await app.register(accountPageRoutes(backends))
    await app.register(passwordRoutes(backends))
    await app.register(emailRoutes(backends))
    await app.register(deleteRoutes(backends))
  }
}

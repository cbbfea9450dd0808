import type { FastifyInstance } from 'fastify'
import { useCookies } from '../cookies.ts'
import { protectForms } from './form-protection.ts'
import { requireValidHost } from './host-header.ts'
import { limitRequests } from './request-limits.ts'
import type { SecurityHeaders } from './security-headers.ts'

/** What security needs. */
export interface SecurityDeps {
  securityHeaders: SecurityHeaders
  /** The shop's origin. */
  publicUrl: string
  /** Signs cookies. */
  cookieSecret: string
  /** The number of forms that one address may send in a minute. */
  formsPerMinute: number
}

/** Protects every route that is registered after this, by hooks in the order in which a request meets them. */
export async function useSecurity(app: FastifyInstance, deps: SecurityDeps): Promise<void> {
  const { securityHeaders, publicUrl, cookieSecret, formsPerMinute } = deps

  app.addHook('onRequest', (_request, { raw }, done) => {
    raw.setHeaders(securityHeaders)
    done()
  })
  requireValidHost(app)
  await limitRequests(app)
  await useCookies(app, { secret: cookieSecret, publicUrl })
  await protectForms(app, { publicUrl, formsPerMinute })
}

import type { FastifyInstance } from 'fastify'
import { useCookies } from '../cookies.ts'
import { logRequests } from '../telemetry/request-log.ts'
import { limitExchanges } from './connection-limits.ts'
import { protectForms } from './form-protection.ts'
import { limitRequests } from './request-limits.ts'
import type { SetSecurityHeaders } from './security-headers.ts'

/** What the shop is protected with. */
export interface Protection {
  setSecurityHeaders: SetSecurityHeaders
  /** Where visitors find the shop. */
  publicUrl: string
  /** Signs cookies. */
  cookieSecret: string
  /** How many forms one address may send in a minute. */
  formsPerMinute: number
}

/** Protects every route that is registered after this, in the order in which a request meets what protects it. */
export async function protect(app: FastifyInstance, protection: Protection): Promise<void> {
  const { setSecurityHeaders, publicUrl, cookieSecret, formsPerMinute } = protection

  app.addHook('onRequest', (request, reply, done) => {
    setSecurityHeaders(request.raw, reply.raw)
    done()
  })
  logRequests(app)
  limitExchanges(app)
  await limitRequests(app)
  await useCookies(app, { secret: cookieSecret, isSecure: publicUrl.startsWith('https:') })
  await protectForms(app, { publicUrl, formsPerMinute })
}

import { permissionDenied } from '@books/rpc'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest, preValidationHookHandler } from 'fastify'
import { isCrossSite, isSameOrigin } from './is-cross-site.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * How a route with another method than GET or HEAD is protected; by default with a token in the form. `origin` is for forms in pages
     * that browsers store, which have no token: it is asked for only where the browser does not say which page sent the form. `none` is
     * for what no browser sends, and what is protected otherwise.
     */
    formProtection?: 'origin' | 'none'
  }
}

/** How forms are protected. */
export interface FormProtection {
  /** The shop's origin. */
  publicUrl: string
  /** The number of forms that one address may send in a minute. */
  formsPerMinute: number
}

const safeMethods = new Set(['GET', 'HEAD'])
const minuteMs = 60_000
// The number of addresses whose rate is tracked.
const maxAddresses = 10_000

/**
 * Protects every route with another method than GET or HEAD that is registered after this: a rate limit for each address, no
 * requests from other sites, and a CSRF token.
 */
export async function protectForms(app: FastifyInstance, { publicUrl, formsPerMinute }: FormProtection): Promise<void> {
  await app.register(rateLimit, { global: false })
  const limitRate = app.rateLimit({ max: formsPerMinute, timeWindow: minuteMs, cache: maxAddresses })

  const refuseCrossSite = async (request: FastifyRequest) => {
    if (isCrossSite(request.headers, originsOf(request, publicUrl)))
      throw permissionDenied('The form is from another site')
  }

  const requireOriginOrToken: preValidationHookHandler = (request, reply, done) => {
    if (isSameOrigin(request.headers, originsOf(request, publicUrl))) done()
    else app.csrfProtection(request, reply, done)
  }

  app.addHook('onRoute', (route) => {
    const protection = route.config?.formProtection
    if (protection === 'none' || [route.method].flat().every((method) => safeMethods.has(method))) return
    route.onRequest = [limitRate, refuseCrossSite, ...[route.onRequest ?? []].flat()]
    // Before the body is validated, so that a request without a token learns nothing about it.
    const requireToken = protection === 'origin' ? requireOriginOrToken : app.csrfProtection
    route.preValidation = [requireToken, ...[route.preValidation ?? []].flat()]
  })
}

/** The origins of the shop that a request may name. In development it has several, such as 127.0.0.1 or the machine's name. */
export function originsOf({ protocol, host }: FastifyRequest, publicUrl: string): string[] {
  return publicUrl.startsWith('https:') ? [publicUrl] : [publicUrl, `${protocol}://${host}`]
}

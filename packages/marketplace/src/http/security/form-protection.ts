import { permissionDenied } from '@books/rpc'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isFromElsewhere } from './is-cross-site.ts'

/** What forms are protected by. */
export interface FormProtection {
  /** Where visitors find the shop. */
  publicUrl: string
  /** How many forms one address may send in a minute. */
  formsPerMinute: number
}

const readingMethods = new Set(['GET', 'HEAD'])
const minuteMs = 60_000
// Of the addresses that sent forms lately, so many are remembered.
const mostAddresses = 10_000

/**
 * Protects every route that changes something, of which it is enough to be registered after this: an address may only send
 * so many requests, none may come from a page of another site, and each brings the token that its page was given.
 */
export async function protectForms(app: FastifyInstance, { publicUrl, formsPerMinute }: FormProtection): Promise<void> {
  await app.register(rateLimit, { global: false })
  const limitRate = app.rateLimit({ max: formsPerMinute, timeWindow: minuteMs, cache: mostAddresses })

  const refuseForeign = async (request: FastifyRequest) => {
    if (isFromElsewhere(request.headers, originsOf(request, publicUrl)))
      throw permissionDenied('The form is of another site')
  }

  app.addHook('onRoute', (route) => {
    if ([route.method].flat().every((method) => readingMethods.has(method))) return
    route.onRequest = [limitRate, refuseForeign, ...[route.onRequest ?? []].flat()]
    // Before anything else is said of the body, whose field the token is.
    route.preValidation = [app.csrfProtection, ...[route.preValidation ?? []].flat()]
  })
}

// A shop that is not on the web yet is found under many names, such as 127.0.0.1 or that of the machine.
function originsOf({ protocol, host }: FastifyRequest, publicUrl: string): string[] {
  return publicUrl.startsWith('https:') ? [publicUrl] : [publicUrl, `${protocol}://${host}`]
}

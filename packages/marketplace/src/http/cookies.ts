import cookie, { type CookieSerializeOptions } from '@fastify/cookie'
import csrf from '@fastify/csrf-protection'
import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyInstance {
    /** What the shop's cookies are called. */
    cookieNames: { taste: string; formSecret: string }
  }
}

/** What cookies are made by. */
export interface CookieSettings {
  /** Signs them. */
  secret: string
  /** Whether visitors come over TLS. */
  isSecure: boolean
}

/** Lets routes read and set signed cookies, and give forms the token by which the shop knows them again. */
export async function useCookies(app: FastifyInstance, { secret, isSecure }: CookieSettings): Promise<void> {
  // Not for scripts, not along with what other sites ask for, and over TLS where there is any.
  const options: CookieSerializeOptions = { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure, signed: true }
  // Browsers take a cookie by such a name from nobody but this host itself, so that no neighbour can plant one.
  const prefix = isSecure ? '__Host-' : ''
  app.decorate('cookieNames', { taste: `${prefix}taste`, formSecret: `${prefix}_csrf` })

  await app.register(cookie, { secret, parseOptions: options })
  await app.register(csrf, {
    cookieKey: app.cookieNames.formSecret,
    cookieOpts: options,
    getToken: ({ body }) => (body as Record<string, string> | undefined)?.['_csrf'],
    logLevel: 'info',
  })
}

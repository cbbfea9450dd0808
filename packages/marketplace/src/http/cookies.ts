import cookie, { type CookieSerializeOptions } from '@fastify/cookie'
import csrf from '@fastify/csrf-protection'
import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyInstance {
    /** The names of the cookies. */
    cookieNames: { preferences: string; formSecret: string }
  }
}

/** How cookies are made. */
export interface CookieSettings {
  /** The key of their signatures. */
  secret: string
  /** Whether the shop is served over TLS. */
  isSecure: boolean
}

/** Lets routes read and set signed cookies, and issue CSRF tokens for forms. */
export async function useCookies(app: FastifyInstance, { secret, isSecure }: CookieSettings): Promise<void> {
  const options: CookieSerializeOptions = { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure, signed: true }
  // With this prefix browsers accept a cookie only from this very host, so no sibling domain can set it.
  const prefix = isSecure ? '__Host-' : ''
  app.decorate('cookieNames', { preferences: `${prefix}taste`, formSecret: `${prefix}_csrf` })

  await app.register(cookie, { secret, parseOptions: options })
  await app.register(csrf, {
    cookieKey: app.cookieNames.formSecret,
    cookieOpts: options,
    getToken: ({ body }) => (body as Record<string, string> | undefined)?.['_csrf'],
    logLevel: 'info',
  })
}

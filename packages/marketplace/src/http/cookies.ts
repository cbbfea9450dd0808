import cookie, { type CookieSerializeOptions } from '@fastify/cookie'
import csrf from '@fastify/csrf-protection'
import type { FastifyInstance } from 'fastify'

/** The names of the cookies. Each of them has something of its visitor. */
export type CookieNames = Readonly<
  Record<'preferences' | 'formSecret' | 'session' | 'cart' | 'flash' | 'address' | 'order', string>
>

declare module 'fastify' {
  interface FastifyInstance {
    cookieNames: CookieNames
  }
}

/** How cookies are made. */
export interface CookieSettings {
  /** The key of their signatures. */
  secret: string
  /** The shop's origin. */
  publicUrl: string
}

/** Lets routes read and set signed cookies, and issue CSRF tokens for forms. */
export async function useCookies(app: FastifyInstance, { secret, publicUrl }: CookieSettings): Promise<void> {
  const isSecure = publicUrl.startsWith('https:')
  const options: CookieSerializeOptions = { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure, signed: true }
  app.decorate('cookieNames', cookieNamesOf(publicUrl))

  await app.register(cookie, { secret, parseOptions: options })
  await app.register(csrf, {
    cookieKey: app.cookieNames.formSecret,
    cookieOpts: options,
    getToken: ({ body }) => (body as Record<string, string> | undefined)?.['_csrf'],
    logLevel: 'info',
  })
}

/** The names of the cookies of the shop with this origin. */
export function cookieNamesOf(publicUrl: string): CookieNames {
  const { protocol, port } = new URL(publicUrl)
  const isSecure = protocol === 'https:'
  // With this prefix browsers accept a cookie only from this very host, so no sibling domain can set it.
  const prefix = isSecure ? '__Host-' : ''
  // Those for some paths only cannot have it.
  const pathPrefix = isSecure ? '__Secure-' : ''
  // Browsers keep cookies by host, for all ports of it, so that shops on several ports would replace each other's.
  const suffix = port && `-${port}`
  const nameOf = (name: string) => `${prefix}${name}${suffix}`
  return {
    preferences: nameOf('taste'),
    formSecret: nameOf('_csrf'),
    session: nameOf('session'),
    cart: nameOf('cart'),
    flash: nameOf('flash'),
    address: `${pathPrefix}address${suffix}`,
    order: `${pathPrefix}order${suffix}`,
  }
}

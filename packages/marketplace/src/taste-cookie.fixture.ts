import Fastify from 'fastify'
import { useCookies } from './cookies.ts'
import { encodeTaste, type Taste } from './taste/taste.ts'

/** Makes the headers by which browsers tell a shop with this secret of their visitors' taste. */
export async function createTasteCookies(secret: string): Promise<(taste: Taste) => string> {
  const app = Fastify()
  await useCookies(app, { secret, isSecure: false })
  return (taste) => `${app.cookieNames.taste}=${encodeURIComponent(app.signCookie(encodeTaste(taste)))}`
}

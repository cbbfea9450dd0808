import Fastify from 'fastify'
import { useCookies } from '../http/cookies.ts'
import { encodeTaste, type Taste } from './preferences.ts'

/** Makes the headers by which browsers tell a shop with this secret of their visitors' taste. */
export async function createTasteCookies(secret: string): Promise<(taste: Taste) => string> {
  const app = Fastify()
  await useCookies(app, { secret, isSecure: false })
  return (taste) => `${app.cookieNames.taste}=${encodeURIComponent(app.signCookie(encodeTaste(taste)))}`
}

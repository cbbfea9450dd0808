import Fastify from 'fastify'
import { useCookies } from '../http/cookies.ts'

/** Makes `Cookie` headers with a guest's cart, signed as by a shop with this secret, and without a port in its PUBLIC_URL. */
export async function createCartCookies(secret: string): Promise<(cartId: string) => string> {
  const app = Fastify()
  await useCookies(app, { secret, publicUrl: 'http://localhost' })
  return (cartId) => `${app.cookieNames.cart}=${encodeURIComponent(app.signCookie(cartId))}`
}

import type { FastifyInstance } from 'fastify'
import type { Backends } from '../../backends/backends.ts'
import { cartOf } from '../../carts/visitor-cart.ts'
import { cacheControl } from '../../http/caching/cache-control.ts'
import { visitorOf } from '../../sessions/visitors.ts'
import { routes } from '../paths.ts'
import { showPage } from '../show-page.ts'
import { cartPage } from './cart-page.ts'
import { changeCartRoutes } from './change-cart-routes.ts'

/** The page of the cart, and the forms that change it. */
export function cartRoutes(backends: Backends, publicUrl: string) {
  const { inventory } = backends
  return async (app: FastifyInstance) => {
    app.get(routes.cart, async (request, reply) => {
      const found = await cartOf(request, reply, { isMain: true })
      const visitor = await visitorOf(request, reply)
      const lines = found.cart?.lines ?? []
      // Only the covers need them: a line says the rest.
      const books = await Promise.all(lines.map(({ bookId }) => inventory.findBook(bookId, { isSecondary: true })))
      const csrfToken = reply.generateCsrf()
      const page = cartPage({ found, isUnknown: visitor.kind === 'unknown', books, csrfToken })
      return showPage(request, reply.header('cache-control', cacheControl.noStore), 'cart.hbs', page)
    })

    await app.register(changeCartRoutes(backends, publicUrl))
  }
}

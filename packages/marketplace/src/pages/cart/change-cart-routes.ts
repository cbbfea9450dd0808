import { randomBytes } from 'node:crypto'
import { RpcError, Status } from '@books/rpc'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Backends } from '../../backends/backends.ts'
import { saveCartId } from '../../carts/cart-cookie.ts'
import { cartIdFor } from '../../carts/visitor-cart.ts'
import { saveFlash } from '../../http/flash-message.ts'
import { pageBefore } from '../page-before.ts'
import { idParams } from '../page-query.ts'
import { paths, routes } from '../paths.ts'
import { showPage } from '../show-page.ts'
import { isOutOfStock } from '../stock.ts'
import { cartProblemOf, outOfStockPage } from './cart-problem.ts'

const quantityBody = Type.Object({ copies: Type.Integer({ minimum: 0, maximum: 999 }) })
// A person waits for what they asked for.
const formCall = { deadlineMs: 6_000 }

/** The forms that change a cart. */
export function changeCartRoutes({ cart, inventory }: Backends, publicUrl: string) {
  /** Says why a cart was not changed. */
  async function showProblem(request: FastifyRequest, reply: FastifyReply, error: unknown, bookId: number) {
    if (!(error instanceof RpcError)) throw error
    if (error.code === Status.NOT_FOUND) return reply.callNotFound()
    const { status, page } = cartProblemOf(error, bookId)
    if (status === 503) {
      request.log.warn({ status: Status[error.code] }, 'cart did not answer a form')
      reply.header('retry-after', 5)
    }
    return showPage(request, reply.code(status), 'message.hbs', page)
  }

  return async (app: FastifyInstance) => {
    app.post<{ Params: Static<typeof idParams> }>(
      routes.addToCart,
      { schema: { params: idParams }, config: { formProtection: 'origin' } },
      async (request, reply) => {
        const { id: bookId } = request.params
        // The page with the form may be older than what is known by now.
        const { value } = await inventory.findBook(bookId, { isSecondary: true })
        if (value?.book && isOutOfStock(value.book))
          return showPage(request, reply.code(422), 'message.hbs', outOfStockPage(value.book.title, bookId))

        const cartId = (await cartIdFor(request, reply)) ?? randomBytes(16).toString('hex')
        try {
          const added = await cart.addToCart({ cartId, bookId, copies: 1 }, formCall)
          keepGuestCart(reply, cartId)
          const line = added.cart?.lines.find((each) => each.bookId === bookId)
          saveFlash(reply, `${line?.title ?? 'The book'} is in your cart${copiesText(line?.copies)}.`)
          return reply.redirect(pageBefore(request, publicUrl, paths.cart), 303)
        } catch (error) {
          return showProblem(request, reply, error, bookId)
        }
      },
    )

    app.post<{ Params: Static<typeof idParams>; Body: Static<typeof quantityBody> }>(
      routes.quantity,
      { schema: { params: idParams, body: quantityBody } },
      async (request, reply) => {
        const { id: bookId } = request.params
        const { copies } = request.body
        const cartId = await cartIdFor(request, reply)
        if (cartId === undefined) return reply.redirect(paths.cart, 303)
        try {
          await cart.setQuantity({ cartId, bookId, copies }, formCall)
          keepGuestCart(reply, cartId)
          return reply.redirect(paths.cart, 303)
        } catch (error) {
          return showProblem(request, reply, error, bookId)
        }
      },
    )
  }
}

/** Keeps a guest's cart for as long as its service does. */
function keepGuestCart(reply: FastifyReply, cartId: string): void {
  if (/^[\da-f]{32}$/.test(cartId)) saveCartId(reply, cartId)
}

function copiesText(copies = 1): string {
  return copies > 1 ? `, ${copies} copies by now` : ''
}

import { Cart, CartLine, CartServiceService, LeftOut, LineAvailability } from '@books/proto'
import { failedPrecondition, type Handlers, notFound } from '@books/rpc'
import { fakeService } from '@books/rpc/testing'
import { books } from './services.fixture.ts'

/** What a line of a fake cart may have besides its copies. */
export type LineFacts = Partial<Pick<CartLine, 'unitPriceCents' | 'addedPriceCents' | 'availability' | 'copiesLeft'>>

/** Carts in memory, by their ids. Every book costs 12.99 euros, and the cheapest of three is free. */
export function createFakeCarts(facts: Readonly<Record<number, LineFacts>> = {}) {
  const carts = new Map<string, Map<number, number>>()
  const linesOf = (id: string) => {
    const lines = carts.get(id) ?? new Map<number, number>()
    carts.set(id, lines)
    return lines
  }

  function cartOf(id: string): Cart {
    const lines = [...linesOf(id)].map(([bookId, copies]) => lineOf(bookId, copies, facts[bookId]))
    const copies = lines.reduce((sum, line) => sum + line.copies, 0)
    const subtotalCents = lines.reduce((sum, line) => sum + line.copies * line.unitPriceCents, 0)
    const cheapest = lines.toSorted((a, b) => a.unitPriceCents - b.unitPriceCents)[0]
    const promotion = 'buy_two_get_one_free_promo'
    const adjustments =
      cheapest && copies >= 3 ? [{ promotion, bookId: cheapest.bookId, amountCents: cheapest.unitPriceCents }] : []
    return Cart.fromPartial({
      ...{ id, lines, adjustments, subtotalCents, copies },
      totalCents: subtotalCents - (adjustments[0]?.amountCents ?? 0),
      currency: copies > 0 ? 'EUR' : '',
      ...(copies > 0 && copies < 3 && { hint: { promotion, copiesMissing: 3 - copies } }),
      isPriced: true,
    })
  }

  function add(id: string, bookId: number, copies: number): void {
    if (!books.some((book) => book.id === bookId)) throw notFound('Book not found')
    const lines = linesOf(id)
    const there = lines.get(bookId) ?? 0
    const metadata = { copies: String(there) }
    if (there + copies > 20) throw refused('TOO_MANY_COPIES', metadata)
    if (lines.size === 50 && there === 0) throw refused('CART_FULL')
    lines.set(bookId, there + copies)
  }

  const handlers = {
    async getCart({ cartId }) {
      return { cart: cartOf(cartId) }
    },
    async addToCart({ cartId, bookId, copies }) {
      add(cartId, bookId, copies)
      return { cart: cartOf(cartId) }
    },
    async setQuantity({ cartId, bookId, copies }) {
      if (copies === 0) linesOf(cartId).delete(bookId)
      else linesOf(cartId).set(bookId, copies)
      return { cart: cartOf(cartId) }
    },
    async mergeCarts({ guestCartId, readerId }) {
      const leftOut: LeftOut[] = []
      for (const [bookId, copies] of linesOf(guestCartId)) {
        const there = linesOf(`reader:${readerId}`).get(bookId) ?? 0
        const fitting = Math.min(copies, 20 - there)
        if (fitting > 0) add(`reader:${readerId}`, bookId, fitting)
        if (fitting < copies)
          leftOut.push(LeftOut.fromPartial({ bookId, title: titleOf(bookId), copies: copies - fitting }))
      }
      carts.delete(guestCartId)
      return { cart: cartOf(`reader:${readerId}`), leftOut }
    },
  } satisfies Partial<Handlers<typeof CartServiceService>>

  return {
    carts,
    handlers,
    add,
    /** The service, of which some methods may be others. */
    service: (others: Partial<Handlers<typeof CartServiceService>> = {}) =>
      fakeService(CartServiceService, { ...handlers, ...others }),
  }
}

function lineOf(bookId: number, copies: number, facts: LineFacts = {}): CartLine {
  const book = books.find(({ id }) => id === bookId)
  const prices = { unitPriceCents: 1_299, addedPriceCents: facts.unitPriceCents ?? 1_299 }
  const availability = LineAvailability.LINE_AVAILABILITY_IN_STOCK
  const { title, author } = book ?? { title: '', author: '' }
  return CartLine.fromPartial({ ...{ bookId, title, author, copies, availability }, ...prices, ...facts })
}

function titleOf(bookId: number): string {
  return books.find(({ id }) => id === bookId)?.title ?? ''
}

function refused(reason: string, metadata: Record<string, string> = {}) {
  return failedPrecondition(reason, { errorInfo: { reason, domain: 'books.cart', metadata } })
}

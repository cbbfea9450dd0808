import { serve } from '@books/rpc/testing'
import { createFakeCarts } from '../src/carts.fixture.ts'
import { createFakeReviews } from '../src/reviews.fixture.ts'
import { books, fakeArticles, fakeInventory, fakeRecommendations } from '../src/services.fixture.ts'

// This process serves the fake backends of the tests on one port. It sends its port, and for each message the number of
// calls that it has answered.
let calls = 0
// Every cart has three books.
const carts = createFakeCarts()
const cartService = carts.service({
  async getCart(request) {
    if (!carts.carts.has(request.cartId)) for (const bookId of [5, 6, 40]) carts.add(request.cartId, bookId, 1)
    return carts.handlers.getCart(request)
  },
})
const reviews = createFakeReviews(books.map(({ id }) => ({ bookId: id, stars: 1 + (id % 5) }))).service()
const services = [fakeRecommendations(), fakeInventory(), fakeArticles(), cartService, reviews]
const { port } = await serve(services, {
  interceptors: [
    async (_call, next) => {
      calls++
      await next()
    },
  ],
})
process.on('message', () => process.send?.(calls))
process.on('disconnect', () => process.exit())
process.send?.(port)

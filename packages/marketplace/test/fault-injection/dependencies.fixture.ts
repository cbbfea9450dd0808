import type { Service } from '@books/rpc'
import { fakeAccounts } from '../../src/accounts.fixture.ts'
import { createFakeCarts } from '../../src/carts.fixture.ts'
import { confirmed, createFakeOrders, orderOf } from '../../src/orders.fixture.ts'
import { createFakeReviews } from '../../src/reviews.fixture.ts'
import { books, fakeArticles, fakeInventory, fakeRecommendations } from '../../src/services.fixture.ts'
import type { PageName } from './pages.fixture.ts'

/** A backend of the shop. */
export interface Dependency {
  /** Its name in `data-fallback`. */
  name: string
  /** Creates the service, without faults. */
  serve(): Service
  /** The pages that are made from its answers. */
  pages: readonly PageName[]
  /** Those of them that are there to show its answers, and so wait for longer. */
  ownPages: readonly PageName[]
  /** Further pages, which ask it only where another dependency has answered. */
  conditionalPages?: readonly PageName[]
}

/** Every backend of the shop. */
export const dependencies: readonly Dependency[] = [
  {
    name: 'recommendations',
    serve: fakeRecommendations,
    pages: ['home', 'home with preferences', 'home with a cart', 'home of a reader', 'book', 'readiness'],
    ownPages: [],
  },
  {
    name: 'inventory',
    serve: fakeInventory,
    pages: [
      'home',
      'home with preferences',
      'home with a cart',
      'home of a reader',
      'category',
      'category by rating',
      'book',
      'search',
      'preferences',
      'readiness',
    ],
    ownPages: ['category', 'category by rating', 'book', 'search', 'preferences'],
    conditionalPages: ['cart'],
  },
  {
    name: 'articles',
    serve: fakeArticles,
    pages: [
      'home',
      'home with preferences',
      'home with a cart',
      'home of a reader',
      'journal',
      'article',
      'feed',
      'readiness',
    ],
    ownPages: ['journal', 'article', 'feed'],
  },
  {
    name: 'accounts',
    serve: fakeAccounts,
    pages: ['home of a reader', 'readiness'],
    ownPages: [],
  },
  {
    name: 'cart',
    serve: serveCarts,
    pages: ['home with a cart', 'cart', 'checkout', 'readiness'],
    ownPages: ['cart', 'checkout'],
    conditionalPages: ['home of a reader'],
  },
  {
    name: 'transactions',
    serve: serveOrders,
    pages: ['order', 'readiness'],
    ownPages: ['order'],
    conditionalPages: ['home of a reader'],
  },
  {
    name: 'reviews',
    serve: serveReviews,
    pages: ['category by rating', 'book', 'readiness'],
    ownPages: [],
    conditionalPages: ['home', 'home with preferences', 'home with a cart', 'home of a reader', 'category', 'search'],
  },
]

/** Every cart has two books. */
function serveCarts(): Service {
  const carts = createFakeCarts()
  return carts.service({
    async getCart(request) {
      const { cartId } = request
      if (!carts.carts.has(cartId)) for (const bookId of [5, 6]) carts.add(cartId, bookId, 1)
      return carts.handlers.getCart(request)
    },
  })
}

/** Every order is paid. */
function serveOrders(): Service {
  return createFakeOrders().service({
    async *watchOrder({ orderId }) {
      yield { order: { ...orderOf(orderId), ...confirmed } }
    },
  })
}

/** Every book has a rating and a review. */
function serveReviews(): Service {
  const text = 'A review that says what there is to say.'
  return createFakeReviews(books.map(({ id }) => ({ bookId: id, stars: 1 + (id % 5), text }))).service()
}

import { createCartCookies } from '../../src/carts/cart-cookie.fixture.ts'
import { orderSecret } from '../../src/orders.fixture.ts'
import { shelves } from '../../src/pages/categories.ts'
import { paths } from '../../src/pages/paths.ts'
import { createPreferencesCookies } from '../../src/preferences/preferences-cookie.fixture.ts'
import { books } from '../../src/services.fixture.ts'

/** A request of a browser. */
export interface Request {
  path: string
  cookie?: string
}

/** A page that is visited. */
export interface PageUnderTest {
  /** The request of the nth visit; most pages have many variants. */
  request(nth: number): Request
  /** Content that only the complete page has. */
  content: RegExp
  /** Whether it is for programs, and so cannot mark fallbacks. */
  isForPrograms?: boolean
}

/** The pages that are made from answers of backends. */
export type PageName =
  | 'home'
  | 'home with preferences'
  | 'home with a cart'
  | 'home of a reader'
  | 'category'
  | 'category by rating'
  | 'book'
  | 'search'
  | 'preferences'
  | 'journal'
  | 'article'
  | 'feed'
  | 'cart'
  | 'checkout'
  | 'order'
  | 'readiness'

/** The shop's key for cookies. */
export const cookieSecret = 'a secret of thirty-two characters'

const preferencesCookie = await createPreferencesCookies(cookieSecret)
const cartCookie = await createCartCookies(cookieSecret)
const sorts = ['title', 'author', 'newest', 'oldest', 'price']

/** Every page that is visited. */
export const pages: Readonly<Record<PageName, PageUnderTest>> = {
  home: { request: () => ({ path: paths.home }), content: /class="card pick"/ },
  'home with preferences': {
    request: (nth) => ({ path: paths.home, cookie: cookieOf(nth) }),
    content: /Because you liked/,
  },
  'home with a cart': {
    request: (nth) => ({ path: paths.home, cookie: cookieOfCart(nth) }),
    content: /Cart \(2\)[\s\S]*class="card pick"/,
  },
  'home of a reader': {
    request: (nth) => ({ path: paths.home, cookie: `session=session-${nth}` }),
    content: /Ada Lovelace[\s\S]*class="card pick"/,
  },
  category: {
    request: (nth) => ({ path: paths.category(of(shelves, nth).slug, { sort: of(sorts, nth) }) }),
    content: /\d+ books[\s\S]*class="rating"/,
  },
  'category by rating': {
    request: (nth) => ({ path: paths.category(of(shelves, nth).slug, { sort: 'rating' }) }),
    content: /\d+ rated books/,
  },
  book: {
    request: (nth) => ({ path: paths.book(of(books, nth).id) }),
    content: /First published[\s\S]*class="review-text"[\s\S]*Readers also enjoyed[\s\S]*class="card"/,
  },
  search: {
    request: (nth) => ({ path: paths.search({ q: of(books, nth).title }) }),
    content: /<mark>/,
  },
  preferences: {
    request: (nth) => ({ path: paths.preferences, cookie: cookieOf(nth) }),
    content: /You liked[\s\S]*class="author"/,
  },
  journal: { request: (nth) => ({ path: paths.articles({ page: 1 + (nth % 2) }) }), content: /class="article-card"/ },
  article: { request: (nth) => ({ path: paths.article(1 + (nth % 13)) }), content: /class="prose"/ },
  feed: { request: () => ({ path: paths.articlesFeed }), content: /<entry>/, isForPrograms: true },
  cart: { request: (nth) => ({ path: paths.cart, cookie: cookieOfCart(nth) }), content: /class="cart-line"/ },
  checkout: { request: (nth) => ({ path: paths.checkout, cookie: cookieOfCart(nth) }), content: /Pay €25\.98/ },
  order: {
    request: (nth) => ({ path: paths.order(`AAAAA-${nth}`, { secret: orderSecret }) }),
    content: /Receipt[\s\S]*€12\.99/,
  },
  readiness: { request: () => ({ path: paths.readyz }), content: /"status":"ready"/, isForPrograms: true },
}

/** The cookie of a reader who liked two books, others for each `nth`. */
function cookieOf(nth: number): string {
  return preferencesCookie([of(books, nth), of(books, nth + 7)].map(({ id }) => ({ bookId: id, verdict: 'liked' })))
}

/** The cookie of a guest with a cart, another one for each `nth`. */
function cookieOfCart(nth: number): string {
  return cartCookie(nth.toString(16).padStart(32, '0'))
}

function of<Item>(items: readonly Item[], nth: number): Item {
  return items[nth % items.length]!
}

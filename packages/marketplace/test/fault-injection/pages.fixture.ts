import { shelves } from '../../src/pages/categories.ts'
import { paths } from '../../src/pages/paths.ts'
import { createPreferencesCookies } from '../../src/preferences/preferences-cookie.fixture.ts'
import { books } from '../../src/services.fixture.ts'

/** What a browser asks for. */
export interface Request {
  path: string
  cookie?: string
}

/** A page of the shop as visitors know it. */
export interface PageUnderTest {
  /** What the nth visitor asks for; most pages have many faces. */
  request(nth: number): Request
  /** What only the whole page has. */
  content: RegExp
  /** Whether it has no place to say what it falls back for, as programs read it. */
  isForPrograms?: boolean
}

/** The pages that are made from what services answer. */
export type PageName =
  | 'home'
  | 'home with preferences'
  | 'category'
  | 'book'
  | 'search'
  | 'preferences'
  | 'journal'
  | 'article'
  | 'feed'
  | 'readiness'

/** Signs cookies in the shop under test. */
export const cookieSecret = 'a secret of thirty-two characters'

const preferencesCookie = await createPreferencesCookies(cookieSecret)
const sorts = ['title', 'author', 'newest', 'oldest', 'price']

/** What visitors ask of each page and what they see; a new page is a row here. */
export const pages: Readonly<Record<PageName, PageUnderTest>> = {
  home: { request: () => ({ path: paths.home }), content: /class="card pick"/ },
  'home with preferences': {
    request: (nth) => ({ path: paths.home, cookie: cookieOf(nth) }),
    content: /Because you liked/,
  },
  category: {
    request: (nth) => ({ path: paths.category(of(shelves, nth).slug, { sort: of(sorts, nth) }) }),
    content: /\d+ books/,
  },
  book: {
    request: (nth) => ({ path: paths.book(of(books, nth).id) }),
    content: /First published[\s\S]*Readers also enjoyed[\s\S]*class="card"/,
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
  readiness: { request: () => ({ path: paths.readyz }), content: /"status":"ready"/, isForPrograms: true },
}

/** Visitors who liked two books; every one of them others. */
function cookieOf(nth: number): string {
  return preferencesCookie([of(books, nth), of(books, nth + 7)].map(({ id }) => ({ bookId: id, verdict: 'liked' })))
}

function of<Item>(items: readonly Item[], nth: number): Item {
  return items[nth % items.length]!
}

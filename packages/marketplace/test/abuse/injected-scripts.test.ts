import { Account, Article, Book, BookRecommendation, Category, Review, Session } from '@books/proto'
import { findBrowser, startBrowser } from '@books/runtime/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { FastifyInstance, InjectOptions } from 'fastify'
import type { Browser } from 'playwright-core'
import { fakeAccounts } from '../../src/accounts.fixture.ts'
import { booksOnPage } from '../../src/pages/books/find-shelf-books.ts'
import { matchesOnPage } from '../../src/pages/books/search-page.ts'
import { articlesOnPage } from '../../src/pages/journal/articles-page.ts'
import { payloads as journalPayloads } from '../../src/pages/journal/payloads.fixture.ts'
import { encodePreferences, maxOpinions, type Preferences } from '../../src/preferences/preferences.ts'
import { fakeReviews } from '../../src/reviews.fixture.ts'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../../src/services.fixture.ts'
import { openShopOver, type TestShop } from '../../src/shop.fixture.ts'
import { encodedPayloads, htmlPayloads } from './payloads.fixture.ts'
import { type Answer, marker, type Visit, type WatchedBrowser, watchBrowser } from './watched-browser.fixture.ts'

const payloads = [...htmlPayloads, ...encodedPayloads].map(marked)
// Several payloads in one text, for pages that show a single text.
const combined = chunk(payloads, 8).map((some) => some.join('\n\n'))
const firstCombined = 1_001
// The texts of articles are Markdown, which can contain HTML.
const articleTexts = [...combined, ...Object.values(journalPayloads).map(marked)]

const executable = findBrowser()

/** Every place where foreign text reaches a page. */
const places: Record<string, (app: FastifyInstance) => Visit[]> = {
  'titles and authors on a shelf': () =>
    chunk(payloads, booksOnPage).map((_, index) => ({ path: `/categories/mystery?page=${index + 1}` })),
  'the title and author of a book': () => combined.map((_, index) => ({ path: `/books/${firstCombined + index}` })),
  'titles and authors on the front page': () => [{ path: '/' }],
  'reasons on the front page': (app) =>
    chunk([...payloads.keys()], 12).map(([first = 0]) => ({
      path: '/',
      preferences: preferencesCookie(app, [first + 1]),
    })),
  'titles and authors in the preferences': (app) =>
    chunk([...payloads.keys()], maxOpinions).map((indices) => ({
      path: '/taste',
      preferences: preferencesCookie(
        app,
        indices.map((index) => index + 1),
      ),
    })),
  'titles and authors of matches': () =>
    chunk(payloads, matchesOnPage).map((_, index) => ({ path: `/search?q=a&page=${index + 1}` })),
  'a query': () => inSearches(''),
  'a query without matches': () => inSearches('nothing'),
  'titles, authors and summaries in the journal': () =>
    chunk(combined, articlesOnPage).map((_, index) => ({ path: `/articles?page=${index + 1}` })),
  'the name of a reader': () => combined.map((_, index) => ({ path: '/search', session: `session-${index}` })),
  'an account and its sessions': () => combined.map((_, index) => ({ path: '/account', session: `session-${index}` })),
  'titles, texts and names of reviews': () =>
    combined.map((_, index) => ({ path: `/books/${firstCombined + index}?sort=newest` })),
  'the form of a review': () =>
    combined.map((_, index) => ({ path: `/books/${firstCombined + index}/review`, session: 'session-0' })),
  articles: () => articleTexts.map((_, index) => ({ path: `/articles/${index + 1}` })),
}

/** Inputs whose text reaches no page. */
const unprinted: Record<string, (text: string) => InjectOptions> = {
  'the slug of a shelf': (text) => ({ url: `/categories/${text}` }),
  'the id of a book': (text) => ({ url: `/books/${text}` }),
  'the id of an article': (text) => ({ url: `/articles/${text}` }),
  'the order of a shelf': (text) => ({ url: `/categories/mystery?sort=${text}` }),
  'the number of a page': (text) => ({ url: `/search?q=a&page=${text}` }),
  'unknown parameters': (text) => ({ url: `/?${text}=${text}` }),
  'an unknown URL': (text) => ({ url: `/nothing/${text}` }),
  'a malformed URL': (text) => ({ url: `/%zz${text}` }),
  'a cookie without a signature': (text) => ({
    url: '/',
    headers: { cookie: `taste-5000=${text}; _csrf-5000=${text}` },
  }),
  'the headers of a browser': (text) => ({ url: '/', headers: { 'user-agent': text, referer: text, host: text } }),
  'a form': (text) => ({
    method: 'POST',
    url: '/taste/books/1',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `verdict=${text}&from=${text}&_csrf=${text}`,
  }),
}

// Skipped on machines without Chromium; CI has it.
;(executable ? describe : describe.skip)('an injected script, in Chromium', () => {
  let browser: Browser
  let shop: TestShop
  let withPolicy: WatchedBrowser
  let withoutPolicy: WatchedBrowser
  beforeAll(async () => {
    browser = await startBrowser(executable ?? '')
    shop = await openShopOver(services)
    const url = await shop.app.listen({ host: '127.0.0.1', port: 0 })
    withPolicy = await watchBrowser(browser, url, true)
    withoutPolicy = await watchBrowser(browser, url, false)
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.close()
  })

  it('runs where nothing escapes it, unless the Content-Security-Policy blocks it', async () => {
    const answers = htmlPayloads.map((payload, index) => {
      const text = marked(payload.replaceAll('alert(1)', `alert(${index})`))
      const html = `<title>${text}</title><p title='${text}'>${text}</p><input value="${text}"><svg><text>${text}</text></svg>`
      return { path: String(index), html }
    })

    const noticed = await withoutPolicy.show(answers)
    const prevented = await withPolicy.show(answers)

    const ran = new Set(noticed.flatMap((line) => /script \d+ ran/.exec(line) ?? []))
    expect(htmlPayloads.length).toBeGreaterThanOrEqual(100)
    expect(htmlPayloads.filter((_, index) => !noticed.some((line) => line.startsWith(`${index}: `)))).toEqual([])
    expect(ran.size).toBeGreaterThanOrEqual(40)
    expect(prevented.filter((line) => /script \d+ ran/.test(line))).toEqual([])
    expect(prevented.filter((line) => /the policy was needed: script-src/.test(line)).length).toBeGreaterThanOrEqual(40)
  })

  it.each(Object.entries(places))('is text in %s', async (_place, visitsOf) => {
    const visits = visitsOf(shop.app)
    const answers = await Promise.all(visits.map((visit) => answerTo(shop.app, visit)))

    expect(await withPolicy.show(answers)).toEqual([])
    expect(await withoutPolicy.show(answers)).toEqual([])
    expect(await withPolicy.visit(visits[0]!)).toEqual([])
  })

  it.each(['/articles.atom', '/api/articles'])('is text in %s', async (path) => {
    expect(await withPolicy.visit({ path })).toEqual([])
    expect(await withoutPolicy.visit({ path })).toEqual([])
  })
})

describe('an injected text that reaches no page', () => {
  let shop: TestShop
  beforeAll(async () => {
    shop = await openShopOver(services, { FORMS_PER_MINUTE: 1_000 })
  })
  afterAll(() => shop.close())

  it.each(Object.entries(unprinted))('does not change the answer, as %s', async (_what, requestWith) => {
    const expected = await shop.app.inject(requestWith('monday'))

    for (const text of payloads) {
      const answer = await shop.app.inject(requestWith(encoded(text)))
      expect([answer.statusCode, answer.body]).toEqual([expected.statusCode, expected.body])
    }
  })
})

const recommendations = fakeRecommendations({
  async recommend({ likedIds: [liked], maxResults }) {
    const found = Array.from({ length: Math.max(maxResults, 1) }, (_, index) => ({
      ...BookRecommendation.fromPartial({ ...bookTexts(firstCombined + index), id: firstCombined + index }),
      becauseOfId: liked === undefined ? undefined : liked + index,
    }))
    return { recommendations: found }
  },
  recommendSimilar: async ({ bookId }) => ({
    recommendations: [BookRecommendation.fromPartial({ ...bookTexts(bookId), id: bookId })],
  }),
})

const inventory = fakeInventory({
  getBooks: async ({ ids }) => ({ books: ids.map(bookOf), unknownIds: [] }),
  async listBooks({ pageSize, skip }) {
    const ids = [...payloads.keys()].map((index) => index + 1)
    return { books: ids.slice(skip, skip + pageSize).map(bookOf), nextPageToken: '', totalSize: ids.length }
  },
  async searchBooks({ query, pageSize, skip }) {
    if (query.startsWith('nothing')) return { matches: [], totalSize: 0 }
    const ids = [...payloads.keys()].map((index) => index + 1)
    const ranges = [
      { start: 1, end: 3 },
      { start: 5, end: 12 },
    ]
    const matches = ids
      .slice(skip, skip + pageSize)
      .map((id) => ({ book: bookOf(id), titleRanges: ranges, authorRanges: ranges }))
    return { matches, totalSize: ids.length }
  },
})

const articles = fakeArticles({
  async articleList({ page, pageSize }) {
    const shown = combined.slice((page - 1) * pageSize, page * pageSize)
    return { articles: shown.map((text, index) => articleOf(index + 1, text)), total: combined.length }
  },
  articleDetail: async ({ pk }) => ({
    article: articleOf(pk, articleTexts[pk - 1] ?? ''),
  }),
})

const accountOf = (sessionToken: string) => {
  const text = combined[Number(sessionToken.split('-')[1])] ?? ''
  return Account.fromPartial({ name: text, email: text })
}

const accounts = fakeAccounts({
  getSession: async ({ sessionToken }) => ({ account: accountOf(sessionToken), session: undefined }),
  async listSessions({ sessionToken }) {
    const { name } = accountOf(sessionToken)
    return { sessions: [Session.fromPartial({ network: name, userAgent: name })] }
  },
})

const reviews = fakeReviews({
  async listReviews({ bookId }) {
    const { title } = bookTexts(bookId)
    const review = Review.fromPartial({ id: 'one', bookId, stars: 4, title, text: title, name: title })
    return { reviews: [review], nextPageToken: '', rating: undefined, ownReview: review }
  },
})

const services = [recommendations, inventory, articles, accounts, reviews]

function articleOf(id: number, text: string): Article {
  return Article.fromPartial({ id, title: text, author: text, summary: text, content: text, createTime: text })
}

function bookOf(id: number): Book {
  const facts = { year: 1962, priceCents: 1_299, currency: 'EUR', category: Category.CATEGORY_MYSTERY }
  return Book.fromPartial({ id, ...bookTexts(id), ...facts })
}

function bookTexts(id: number): { title: string; author: string } {
  const text = (id < firstCombined ? payloads[id - 1] : combined[(id - firstCombined) % combined.length]) ?? 'Dune'
  return { title: text, author: text }
}

async function answerTo(app: FastifyInstance, { path, preferences, session }: Visit): Promise<Answer> {
  const cookies = [preferences && `taste-5000=${preferences}`, session && `session-5000=${session}`]
  const { body } = await app.inject({ url: path, headers: { cookie: cookies.filter(Boolean).join('; ') } })
  return { path, html: body }
}

function preferencesCookie(app: FastifyInstance, ids: readonly number[]): string {
  const preferences: Preferences = ids.map((bookId) => ({ bookId, verdict: 'liked' }))
  return encodeURIComponent(app.signCookie(encodePreferences(preferences)))
}

/** Searches for every payload after a prefix, several in one query. */
function inSearches(prefix: string): Visit[] {
  return payloads
    .reduce<string[]>(
      ([last = '', ...others], text) =>
        last.length + text.length < 180 ? [`${last} ${text}`, ...others] : [text, last, ...others],
      [],
    )
    .map((text) => ({ path: `/search?q=${encoded(prefix + text)}` }))
}

function marked(text: string): string {
  return `${text} ${marker}`
}

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}

import { createHash } from 'node:crypto'
import { Availability, Book, BookRating, Category } from '@books/proto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { defaultTreeAdapter, parse } from 'parse5'
import { createFakeReviews, fakeReviews } from '../../reviews.fixture.ts'
import { fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { openShopOver } from '../../shop.fixture.ts'
import { bookData } from './book-data.ts'
import { findDataProblems } from './schema-org.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

const publicUrl = 'https://books.example'
const book = Book.fromPartial({
  ...{ id: 5, title: "Ender's Game", author: 'Orson Scott Card', year: 1985, priceCents: 1_299, currency: 'EUR' },
  ...{ category: Category.CATEGORY_SCIENCE_FICTION, availability: Availability.AVAILABILITY_IN_STOCK },
})
const rating = BookRating.fromPartial({ bookId: 5, mean: 4.26, count: 12 })

describe('the data of a book', () => {
  it('are a Book with its Offer and its AggregateRating, in terms of schema.org', () => {
    expect(JSON.parse(bookData({ book, rating, publicUrl }))).toEqual({
      '@context': 'https://schema.org',
      '@type': 'Book',
      '@id': 'https://books.example/books/5',
      url: 'https://books.example/books/5',
      name: "Ender's Game",
      author: { '@type': 'Person', name: 'Orson Scott Card' },
      genre: 'Science fiction',
      datePublished: '1985',
      aggregateRating: { '@type': 'AggregateRating', ratingValue: 4.3, ratingCount: 12, bestRating: 5, worstRating: 1 },
      offers: {
        '@type': 'Offer',
        url: 'https://books.example/books/5',
        price: '12.99',
        priceCurrency: 'EUR',
        availability: 'https://schema.org/InStock',
      },
    })
  })

  it('have no rating that samples are part of', () => {
    const withSamples = BookRating.fromPartial({ ...rating, hasSamples: true })

    expect(JSON.parse(bookData({ book, rating: withSamples, publicUrl }))).not.toHaveProperty('aggregateRating')
  })

  it.each<[string, Partial<Book>, BookRating | undefined]>([
    ['all there is', {}, rating],
    ['no rating', {}, undefined],
    ['a rating of no reader', {}, BookRating.fromPartial({ bookId: 5 })],
    ['a rating that makes no sense', {}, BookRating.fromPartial({ bookId: 5, mean: Number.NaN, count: 3 })],
    ['the lowest rating', {}, BookRating.fromPartial({ bookId: 5, mean: 1, count: 1 })],
    ['few copies', { availability: Availability.AVAILABILITY_FEW_LEFT }, rating],
    ['no copies', { availability: Availability.AVAILABILITY_OUT_OF_STOCK }, rating],
    ['a stock that is not known', { availability: Availability.AVAILABILITY_UNSPECIFIED }, rating],
    ['a currency without decimals', { currency: 'JPY' }, rating],
    ['a currency that is none', { currency: '' }, rating],
    ['a year before the common era', { year: -380 }, rating],
    ['an early year', { year: 380 }, rating],
    ['an unknown year and category', { year: 0, category: Category.CATEGORY_UNSPECIFIED }, rating],
  ])('follow the rules of the public checkers: %s', (_what, fields, ofBook) => {
    expect(findDataProblems(JSON.parse(bookData({ book: { ...book, ...fields }, rating: ofBook, publicUrl })))).toEqual(
      [],
    )
  })

  it.each([
    ['an end tag', '</script><script>alert(1)</script>'],
    ['a comment', '<!-- <script>'],
    ['quotes and backslashes', '"\\"\\\\</script>'],
    ['line ends of JavaScript', '\u2028\u2029'],
    ['half a character', '\ud800'],
    ['characters outside of Latin-1', 'Čapek, 猫 and 🐈'],
  ])('stay JSON in one script element, whose hash the policy has: %s', async (_what, title) => {
    const getBooks = async () => ({ books: [{ ...book, title, author: title }], unknownIds: [] })
    const shop = await openShopOver([fakeInventory({ getBooks }), fakeRecommendations(), fakeReviews()])
    opened.defer(shop.close)

    const { body, headers } = await shop.app.inject('/books/5')

    const scripts = scriptsIn(body)
    expect(scripts).toHaveLength(1)
    const { name } = JSON.parse(scripts[0]!) as { name: string }
    // gRPC has no half characters.
    expect(name).toBe(title.toWellFormed())
    const hash = createHash('sha256').update(scripts[0]!).digest('base64')
    expect(headers['content-security-policy']).toContain(`script-src 'sha256-${hash}';`)
  })

  it('have the rating that the page shows, and none while reviews does not answer', async () => {
    const reviews = createFakeReviews([{ bookId: 5, stars: 4 }])
    const shop = await openShopOver([fakeInventory(), fakeRecommendations(), reviews.service()])
    opened.defer(shop.close)
    const alone = await openShopOver([fakeInventory(), fakeRecommendations()])
    opened.defer(alone.close)

    const [rated, unrated] = [await shop.app.inject('/books/5'), await alone.app.inject('/books/5')]

    expect(JSON.parse(scriptsIn(rated.body)[0]!)).toMatchObject({ aggregateRating: { ratingValue: 4, ratingCount: 1 } })
    expect(JSON.parse(scriptsIn(unrated.body)[0]!)).not.toHaveProperty('aggregateRating')
  })
})

describe('the rules of the public checkers', () => {
  it.each([
    ['a Book without a name', { '@context': 'https://schema.org', '@type': 'Book' }, 'Book lacks name'],
    ['a Movie', { '@context': 'https://schema.org', '@type': 'Movie', name: 'A' }, 'Movie is no known type'],
    [
      'an unknown property',
      { '@context': 'https://schema.org', '@type': 'Book', name: 'A', colour: 'red' },
      'Book has no colour',
    ],
    [
      'a rating without a count',
      {
        '@context': 'https://schema.org',
        '@type': 'Book',
        name: 'A',
        aggregateRating: { '@type': 'AggregateRating', ratingValue: 4 },
      },
      'AggregateRating lacks ratingCount or reviewCount',
    ],
    [
      'a rating out of range',
      {
        ...{ '@context': 'https://schema.org', '@type': 'Book', name: 'A' },
        aggregateRating: { '@type': 'AggregateRating', ratingValue: 6, ratingCount: 1 },
      },
      'ratingValue is invalid: 6',
    ],
    [
      'a price with a comma',
      {
        ...{ '@context': 'https://schema.org', '@type': 'Book', name: 'A' },
        offers: { '@type': 'Offer', price: '12,99', priceCurrency: 'EUR' },
      },
      'price is invalid: 12,99',
    ],
  ])('find %s', (_what, data, expected) => {
    expect(findDataProblems(data)).toContain(expected)
  })
})

/** What is in the script elements of a page, as browsers read it. */
function scriptsIn(html: string): string[] {
  const found: string[] = []
  const visit = (node: Parameters<typeof defaultTreeAdapter.getChildNodes>[0]) => {
    for (const child of defaultTreeAdapter.getChildNodes(node)) {
      if (!defaultTreeAdapter.isElementNode(child)) continue
      if (child.tagName === 'script')
        found.push(child.childNodes.map((text) => ('value' in text ? text.value : '')).join(''))
      visit(child)
    }
  }
  visit(parse(html))
  return found
}

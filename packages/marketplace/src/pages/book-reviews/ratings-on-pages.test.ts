import { BookRating } from '@books/proto'
import { type Service, unavailable } from '@books/rpc'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createFakeReviews, fakeReviews } from '../../reviews.fixture.ts'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { openShopOver } from '../../shop.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

const away = { getRatings: fail, listTopRated: fail, listReviews: fail }

/** Every book has the same rating. */
const rated = (fields: Partial<BookRating>) =>
  fakeReviews({
    getRatings: async ({ bookIds }) => ({
      ratings: bookIds.map((bookId) => BookRating.fromPartial({ bookId, ...fields })),
    }),
  })

const pages = ['/', '/categories/mystery', '/search?q=the', '/books/5']

describe('the stars of a book', () => {
  it.each(pages)('are on its card, with how many gave them: %s', async (path) => {
    const { app } = await open(rated({ mean: 4.26, count: 1_234 }))

    const { body } = await app.inject(path)

    expect(body).toContain(
      '<span class="stars-4" aria-hidden="true">4.3 (1,234)</span><span class="unseen">Rated 4.3 of 5 stars by 1,234 readers</span>',
    )
    expect(body).not.toContain('data-fallback')
  })

  it('are not said to be those of readers where samples are among them', async () => {
    const { app } = await open(rated({ mean: 4, count: 4, hasSamples: true }))

    const { body } = await app.inject('/categories/mystery')

    expect(body).toContain('Rated 4.0 of 5 stars in 4 ratings, samples included')
    expect(body).not.toContain('readers')
  })

  it('are those of one reader', async () => {
    const { app } = await open(rated({ mean: 2, count: 1 }))

    const { body } = await app.inject('/categories/mystery')

    expect(body).toContain('Rated 2.0 of 5 stars by one reader')
  })

  it('are not there for a book that no reader rated', async () => {
    const { app } = await open(fakeReviews())

    const { body } = await app.inject('/categories/mystery')

    expect(body).not.toMatch(/class="rating"|data-fallback/)
  })

  it.each<[string, Partial<BookRating>]>([
    ['a mean above 5', { mean: 17, count: 3 }],
    ['a mean that is no number', { mean: Number.NaN, count: 3 }],
    ['a count below 0', { mean: 4, count: -3 }],
  ])('are not there for numbers that make no sense: %s', async (_what, fields) => {
    const { app } = await open(rated(fields))

    const { statusCode, body } = await app.inject('/categories/mystery')

    expect([statusCode, body.includes('class="rating"')]).toEqual([200, false])
  })

  it.each(pages)('are left out where reviews does not answer, and the page is the same otherwise: %s', async (path) => {
    const [{ app }, { app: appAlone }] = [await open(fakeReviews()), await open(fakeReviews(away))]

    const [complete, alone] = [await app.inject(path), await appAlone.inject(path)]

    expect(alone.statusCode).toBe(200)
    expect(alone.body).toContain('data-fallback="reviews"')
    const withoutReviews = (html: string) =>
      html
        .replaceAll(' data-fallback="reviews"', '')
        .replace(/<section class="reviews[\s\S]*?<\/section>/, '')
        .replaceAll(/name="_csrf" value="[^"]*"/g, '')
    expect(withoutReviews(alone.body)).toBe(withoutReviews(complete.body))
  })
})

describe('a slow reviews', () => {
  it.each([...pages, '/categories/mystery?sort=rating'])('is not waited for: %s', async (path) => {
    const answer = Promise.withResolvers<never>()
    const wait = () => answer.promise
    const services = [fakeReviews({ getRatings: wait, listTopRated: wait, listReviews: wait }), ...others()]
    const { app, close } = await openShopOver(services, { REVIEWS_DEADLINE_MS: 1 })
    opened.defer(close)
    opened.defer(() => answer.reject(unavailable('The test is over')))

    const { statusCode, body } = await app.inject(path)

    expect([statusCode, body.includes('data-fallback="reviews"')]).toEqual([200, true])
  })
})

describe('a shelf in the order of ratings', () => {
  it('lists its rated books with their stars, the best first', async () => {
    const { app } = await open(threeRated())

    const { body } = await app.inject('/categories/mystery?sort=rating')

    expect(titlesIn(body)).toEqual(['/books/6', '/books/5', '/books/9'])
    expect(body).toContain('3 rated books')
    expect(body).toContain('Books without ratings are not in this order.')
    expect(body).toContain('aria-current="true">Rating</a>')
    expect(body).toContain('<link rel="canonical" href="http://localhost:5000/categories/mystery?sort&#x3D;rating">')
    expect(body).toContain('5.0 (1)')
    expect(body).not.toContain('data-fallback')
  })

  it('has pages', async () => {
    const ratings = Array.from({ length: 30 }, (_, index) => ({ bookId: index + 1, mean: 4, count: 1 }))
    const listTopRated: Parameters<typeof fakeReviews>[0] = {
      listTopRated: async ({ skip, pageSize }) => ({
        ratings: ratings.slice(skip, skip + pageSize).map((rating) => BookRating.fromPartial(rating)),
        totalSize: ratings.length,
      }),
    }
    const { app } = await open(fakeReviews(listTopRated))

    const { body } = await app.inject('/categories/mystery?sort=rating&page=2')

    expect(titlesIn(body)).toHaveLength(6)
    expect(body).toContain('<a rel="prev" href="/categories/mystery?sort&#x3D;rating">')
    expect((await app.inject('/categories/mystery?sort=rating&page=3')).statusCode).toBe(404)
  })

  it('leaves out what the store does not have any more', async () => {
    const reviews = createFakeReviews([
      { bookId: 5, stars: 3 },
      { bookId: 99_999, stars: 5 },
    ])
    const { app } = await open(reviews.service())

    expect(titlesIn((await app.inject('/categories/mystery?sort=rating')).body)).toEqual(['/books/5'])
  })

  it('says where no book was rated', async () => {
    const { app } = await open(fakeReviews())

    const { body } = await app.inject('/categories/mystery?sort=rating')

    expect(body).toContain('No reader has rated a book on this shelf yet.')
    expect(body).toContain('0 rated books')
  })

  it('is in the usual order where reviews does not answer, and says so', async () => {
    const { app } = await open(fakeReviews(away))

    const { statusCode, body } = await app.inject('/categories/mystery?sort=rating')

    expect(statusCode).toBe(200)
    expect(body).toMatch(
      /role="status" data-fallback="reviews">We cannot sort by rating just now\. These books are in order of title\.</,
    )
    expect(titlesIn(body)).toHaveLength(24)
    expect(body).toContain('aria-current="true">Title</a>')
    expect(body).toContain('<link rel="canonical" href="http://localhost:5000/categories/mystery">')
  })

  it('does not wait a second time where reviews does not answer', async () => {
    let asked = 0
    const getRatings = () => {
      asked++
      return fail()
    }
    const { app } = await open(fakeReviews({ ...away, getRatings }))

    await app.inject('/categories/mystery?sort=rating')

    expect(asked).toBe(0)
  })

  it('is out of sight where the inventory does not answer', async () => {
    const services = [threeRated(), fakeInventory({ getBooks: fail, listBooks: fail })]
    const shop = await openShopOver(services)
    opened.defer(shop.close)

    const { body } = await shop.app.inject('/categories/mystery?sort=rating')

    expect(body).toContain('data-fallback="inventory"')
    expect(body).toContain('This shelf is out of sight just now.')
  })
})

function threeRated(): Service {
  return createFakeReviews([
    { bookId: 5, stars: 4 },
    { bookId: 6, stars: 5 },
    { bookId: 9, stars: 1 },
  ]).service()
}

function titlesIn(html: string): string[] {
  return [...html.matchAll(/<h3 class="card-title"><a href="([^"]+)"/g)].map(([, href = '']) => href)
}

async function fail(): Promise<never> {
  throw unavailable('No connection')
}

function others(): Service[] {
  return [fakeRecommendations(), fakeInventory(), fakeArticles()]
}

async function open(reviews: Service) {
  const shop = await openShopOver([reviews, ...others()])
  opened.defer(shop.close)
  return shop
}

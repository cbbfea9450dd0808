import { unavailable } from '@books/rpc'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ada, fakeAccounts } from '../../accounts.fixture.ts'
import { createFakeReviews } from '../../reviews.fixture.ts'
import { books, fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { signIn } from '../../sessions/sign-in.fixture.ts'
import { openShopOver } from '../../shop.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

const writtenAt = new Date('2026-11-03T10:00:00Z')
const ofAda = { readerId: ada.readerId, stars: 4, writtenAt }
const reviews = [
  { ...ofAda, bookId: 5, title: 'A game', text: 'It ends otherwise than it begins.' },
  { ...ofAda, bookId: 6, stars: 1, isHidden: true },
  { bookId: 5, stars: 2, readerId: 7 },
]

describe('the reviews of a reader', () => {
  it('are listed, the newest first, with the way to change them', async () => {
    const reader = await signIn(await open())

    const { body, headers } = await reader.open('/reviews')

    expect([...body.matchAll(/class="card-title"><a href="([^"]+)">([^<]*)/g)].map((row) => row.slice(1))).toEqual([
      ['/books/6', 'The Dune Chronicles'],
      ['/books/5', 'Ender&#x27;s Game'],
    ])
    expect(body).toContain('4 stars: A game')
    expect(body).toContain('3 November 2026, hidden from others: our decision comes by mail')
    expect(body).toContain('href="/books/5/review"')
    expect(headers['cache-control']).toBe('no-store')
    expect((await reader.open('/account')).body).toContain('href="/reviews"')
  })

  it('have pages', async () => {
    const many = books.slice(0, 30).map(({ id }) => ({ ...ofAda, bookId: id }))
    const reader = await signIn(await open(many))

    const first = (await reader.open('/reviews')).body
    const second = (await reader.open('/reviews?after=24')).body

    expect([first, second].map((body) => body.match(/class="card-title"/g)?.length)).toEqual([24, 6])
    expect(first).toContain('<a href="/reviews?after&#x3D;24" rel="next">Older reviews</a>')
    expect(second).toContain('<a href="/reviews">The newest reviews</a>')
  })

  it('are downloaded as JSON, all of them', async () => {
    const many = books.slice(0, 130).map(({ id }) => ({ ...ofAda, bookId: id }))
    const reader = await signIn(await open(many))

    const { body, headers } = await reader.open('/reviews/export')

    const { reviews: found } = JSON.parse(body) as { reviews: { bookId: number; stars: number; isOwn: boolean }[] }
    expect(found).toHaveLength(130)
    expect(found[0]).toMatchObject({ bookId: many[129]!.bookId, stars: 4, isOwn: true })
    expect(headers['content-disposition']).toBe('attachment; filename="books-reviews.json"')
    expect((await reader.open('/account')).body).toContain('href="/reviews/export" download')
  })

  it('are said to be none', async () => {
    const reader = await signIn(await open([]))

    expect((await reader.open('/reviews')).body).toContain('You have not rated a book yet.')
  })

  it.each(['/reviews', '/reviews/export'])(
    'are for readers alone, and out of reach without their service: %s',
    async (url) => {
      const app = await open([], { listReaderReviews: async () => Promise.reject(unavailable('No connection')) })
      const reader = await signIn(app)

      const guest = await app.inject(url)
      const { statusCode, body } = await reader.open(url)

      expect(guest.headers.location).toBe(`/sign-in?return_to=${encodeURIComponent(url)}`)
      expect(statusCode).toBe(503)
      expect(body).toContain('data-fallback="reviews"')
    },
  )
})

type Fake = ReturnType<typeof createFakeReviews>

async function open(
  first: Parameters<typeof createFakeReviews>[0] = reviews,
  handlers: Parameters<Fake['service']>[0] = {},
) {
  const fakes = [createFakeReviews(first).service(handlers), fakeAccounts(), fakeRecommendations(), fakeInventory()]
  const { app, close } = await openShopOver(fakes)
  opened.defer(close)
  return app
}

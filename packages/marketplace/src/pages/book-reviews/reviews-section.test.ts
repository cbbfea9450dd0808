import type { Review } from '@books/proto'
import { type Service, unavailable } from '@books/rpc'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ada, fakeAccounts } from '../../accounts.fixture.ts'
import { createFakeReviews, fakeReviews } from '../../reviews.fixture.ts'
import { fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { signIn } from '../../sessions/sign-in.fixture.ts'
import { openShopOver } from '../../shop.fixture.ts'
import { sectionOf } from '../pages.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

const text = 'It ends otherwise than it begins.\n\nThat is all I say.'
const written = (day: number) => new Date(`2026-11-${String(day).padStart(2, '0')}T10:00:00Z`)

/** Three reviews of Ender's Game, and two readers who gave stars alone. */
const first = [
  {
    ...{ id: 'one', bookId: 5, stars: 5, title: 'A game, and no game', text, name: 'Grace' },
    ...{ boughtHere: true, helpful: 3, notHelpful: 1, writtenAt: written(3) },
  },
  { id: 'two', bookId: 5, stars: 2, text: 'Too many children in it for me.', isSample: true, writtenAt: written(5) },
  {
    ...{
      id: 'three',
      bookId: 5,
      stars: 4,
      title: 'Again',
      text: 'I read it again each year.',
      name: 'Alan',
      helpful: 1,
    },
    ...{ writtenAt: written(1), changedAt: written(2) },
  },
  { id: 'four', bookId: 5, stars: 5, name: 'Edsger' },
  { id: 'five', bookId: 5, stars: 5, name: 'Barbara' },
] satisfies Parameters<typeof createFakeReviews>[0]

describe('the reviews of a book', () => {
  it('are a histogram of links to those with so many stars', async () => {
    const { app } = await open()

    const html = sectionOf((await app.inject('/books/5')).body, 'reviews')

    const rows = [...html.matchAll(/<li>\s+(.*?)\n[\s\S]*?width="(\d+)"[\s\S]*?<span>(\d+)/g)].map((row) =>
      row.slice(1),
    )
    expect(rows).toEqual([
      ['<a href="/books/5?stars&#x3D;5#reviews" rel="nofollow">5 stars</a>', '60', '3'],
      ['<a href="/books/5?stars&#x3D;4#reviews" rel="nofollow">4 stars</a>', '20', '1'],
      ['<span>3 stars</span>', '0', '0'],
      ['<a href="/books/5?stars&#x3D;2#reviews" rel="nofollow">2 stars</a>', '20', '1'],
      ['<span>1 star</span>', '0', '0'],
    ])
    expect(html).toContain('Rated 4.2 of 5 stars by 5 readers')
    expect(html).toContain('5 ratings')
  })

  it('begin with the most helpful ones, with all that readers should know of them', async () => {
    const { app } = await open()

    const { body } = await app.inject('/books/5')

    expect(idsIn(body)).toEqual(['one', 'three', 'two'])
    const [one = '', three = '', two = ''] = itemsIn(body)
    expect(one).toContain('A game, and no game</h3>')
    expect(one).toContain('by Grace, <span class="day">3 November 2026</span>')
    expect(one).toContain('<span class="badge">Bought here</span>')
    expect(one).toContain(`<p class="review-text">${text}</p>`)
    expect(one).toContain('3 of 4 readers found this helpful.')
    expect(three).toContain('changed on <span class="day">2 November 2026</span>')
    expect(three).toContain('One reader found this helpful.')
    expect(three).not.toContain('badge')
    expect(two).toContain('2 stars</h3>')
    expect(two).toContain('by A former reader')
    expect(two).toContain('<span class="badge">A sample by this shop, not by a reader</span>')
    expect(two).not.toContain('found this')
  })

  it('can be sorted and filtered, and the page stays the same for search engines', async () => {
    const { app } = await open()

    const newest = (await app.inject('/books/5?sort=newest')).body
    const ofFive = (await app.inject('/books/5?sort=newest&stars=5')).body
    const ofThree = (await app.inject('/books/5?stars=3')).body

    expect(idsIn(newest)).toEqual(['two', 'one', 'three'])
    expect(newest).toContain('rel="nofollow" aria-current="true">Newest</a>')
    expect(idsIn(ofFive)).toEqual(['one'])
    expect(ofFive).toContain('Reviews with 5 stars. <a href="/books/5?sort&#x3D;newest#reviews">Show all</a>')
    expect(ofFive).toContain('<link rel="canonical" href="http://localhost:5000/books/5">')
    expect(ofFive).toContain('aria-current="true">5 stars</a>')
    expect(ofThree).toContain('No reader who gave 3 stars has written more about it.')
  })

  it('have pages, which keep the order', async () => {
    const many = Array.from({ length: 12 }, (_, nth) => ({ ...first[0]!, id: `r${nth}`, helpful: 20 - nth }))
    const { app } = await open(createFakeReviews(many).service())

    const front = (await app.inject('/books/5?sort=highest')).body
    const [, next = ''] = /<a href="([^"]+)" rel="next nofollow">Next page/.exec(front) ?? []
    const second = (await app.inject(unescaped(next).split('#')[0]!)).body

    expect([idsIn(front).length, idsIn(second).length]).toEqual([10, 2])
    expect(unescaped(next)).toMatch(/^\/books\/5\?sort=highest&after=\w+#reviews$/)
    expect(second).toContain('<a href="/books/5?sort&#x3D;highest#reviews" rel="nofollow">First page</a>')
    expect(second).not.toContain('Next page')
    expect((await app.inject('/books/5?after=of-another-list')).statusCode).toBe(404)
  })

  it('are said to be none', async () => {
    const { app } = await open(fakeReviews())
    const alone = await open(createFakeReviews([{ bookId: 5, stars: 3 }]).service())

    expect((await app.inject('/books/5')).body).toContain('No reader has rated this book yet.')
    const { body } = await alone.app.inject('/books/5')
    expect(body).toContain('No reader has written more about it yet.')
    expect(body).toContain('One rating')
  })

  it('are left out with a notice where the service does not answer, beside the whole book', async () => {
    const fail = async () => Promise.reject(unavailable('No connection'))
    const { app } = await open(fakeReviews({ listReviews: fail, getRatings: fail }))

    const { statusCode, body } = await app.inject('/books/5')

    expect(statusCode).toBe(200)
    expect(body).toContain('id="reviews" aria-labelledby="reviews-heading" data-fallback="reviews"')
    expect(body).toContain('We cannot look up reviews just now.')
    expect(body).toContain('<h1 id="book-heading">Ender&#x27;s Game</h1>')
    expect(body).toContain('Add to cart')
  })

  it('survive an answer that makes no sense', async () => {
    const review = { ...first[0]!, stars: 99, writtenAt: new Date(Number.NaN) } as unknown as Review
    const rating = { bookId: 5, mean: 3, count: 2, histogram: [-1, 7], hasSamples: false }
    const { app } = await open(
      fakeReviews({
        listReviews: async () => ({ reviews: [review], nextPageToken: '', rating, ownReview: undefined }),
      }),
    )

    expect((await app.inject('/books/5')).statusCode).toBe(200)
  })
})

describe('the reviews of a book, for a guest', () => {
  it('lead to signing in and back to write one, and have nothing to vote with', async () => {
    const { app } = await open()

    const { body } = await app.inject('/books/5')
    const form = await app.inject('/books/5/review')

    expect(body).toContain('<a href="/books/5/review" rel="nofollow">Sign in to write a review</a>')
    expect(body).not.toContain('class="vote-form"')
    expect(body).toContain('<a href="/books/5/reviews/one/report" rel="nofollow">')
    expect([form.statusCode, form.headers.location]).toEqual([303, '/sign-in?return_to=%2Fbooks%2F5%2Freview'])
  })
})

describe('the reviews of a book, for a reader', () => {
  it('say what they wrote themselves, at once', async () => {
    const own = { ...first[2]!, readerId: ada.readerId, isHidden: true }
    const reviews = createFakeReviews([first[0]!, own])
    const { app } = await open(reviews.service())
    const reader = await signIn(app)

    const { body } = await reader.open('/books/5')
    reviews.reviews.clear()
    const after = (await reader.open('/books/5')).body

    expect(body).toContain('You gave this book 4 stars on 1 November 2026. Your review is hidden from others.')
    expect(body).toContain('Change or delete your review</a>')
    const [, item = ''] = itemsIn(body)
    expect(item).toContain('<span class="badge">Your review</span>')
    expect(item).toContain('<span class="badge">Hidden from others</span>')
    expect(item).not.toMatch(/vote-form|\/report/)
    expect(after).toContain('Write a review</a>')
    expect(after).toContain('No reader has rated this book yet.')
  })

  it('are shown as to a guest while accounts does not answer', async () => {
    const getSession = async () => Promise.reject(unavailable('No connection'))
    const { app } = await open(createFakeReviews(first).service(), fakeAccounts({ getSession }))

    const { body } = await app.inject({ url: '/books/5', headers: { cookie: 'session-5000=session-1' } })

    expect(idsIn(body)).toEqual(['one', 'three', 'two'])
    expect(body).not.toContain('data-fallback="reviews"')
  })
})

async function open(reviews: Service = createFakeReviews(first).service(), accounts = fakeAccounts()) {
  const shop = await openShopOver([reviews, accounts, fakeRecommendations(), fakeInventory()])
  opened.defer(shop.close)
  return shop
}

function itemsIn(html: string): string[] {
  return html.match(/<li class="review"[\s\S]*?<\/article>/g) ?? []
}

function idsIn(html: string): string[] {
  return [...html.matchAll(/<li class="review" id="review-(\w+)"/g)].map(([, id = '']) => id)
}

function unescaped(html: string): string {
  return html.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
}

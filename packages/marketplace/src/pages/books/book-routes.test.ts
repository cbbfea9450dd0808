import { BookRecommendation } from '@books/proto'
import { notFound } from '@books/rpc'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fakeReviews } from '../../reviews.fixture.ts'
import { fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { openShop, openShopOver } from '../../shop.fixture.ts'
import { sectionOf } from '../pages.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('the page of a book', () => {
  it('shows the book, and what its readers also enjoyed', async () => {
    const dune = BookRecommendation.fromPartial({ id: 6, title: 'Dune', author: 'Frank Herbert' })
    const { app } = await open(fakeRecommendations({ recommendSimilar: async () => ({ recommendations: [dune] }) }))

    const { body } = await app.inject('/books/5')

    expect(body).toContain('<title>Ender&#x27;s Game by Orson Scott Card · Books</title>')
    expect(body).toContain('<h1 id="book-heading">Ender&#x27;s Game</h1>')
    expect(body).toContain('<a href="/search?q&#x3D;Orson+Scott+Card">Orson Scott Card</a>')
    expect(body).toContain('<dd>1985</dd>')
    expect(body).toContain('<dd>€12.99</dd>')
    expect(body).toContain('<a href="/categories/science-fiction">Science fiction</a>')
    expect(body).toContain('property="og:type" content="book"')
    expect(sectionOf(body, 'also-enjoyed')).toContain('href="/books/6"')
  })

  it('opens for a book that recommendations do not know', async () => {
    const { app } = await open(fakeRecommendations({ recommendSimilar: async () => Promise.reject(notFound('No')) }))

    const { statusCode, body } = await app.inject('/books/5')

    expect(statusCode).toBe(200)
    expect(body).not.toContain('also-enjoyed')
    expect(body).not.toContain('data-fallback')
  })

  it('opens without recommendations, and without the inventory', async () => {
    const { app } = await open(fakeRecommendations({ recommendSimilar: async () => Promise.reject(new Error('ink')) }))
    const alone = await openShop()
    opened.defer(alone.close)

    const withoutOthers = (await app.inject('/books/5')).body
    const withoutBook = await alone.app.inject('/books/5')

    expect(withoutOthers).toContain('Ender&#x27;s Game')
    expect(withoutOthers).toContain('data-fallback="recommendations"')
    expect(withoutBook.statusCode).toBe(200)
    expect(withoutBook.body).toContain('This book is out of sight')
    expect(withoutBook.body).toContain('data-fallback="inventory"')
    expect(withoutBook.body).toContain('<meta name="robots" content="noindex">')
  })

  it('opens where the inventory answers neither with the book nor that it is unknown', async () => {
    const getBooks = async () => ({ books: [], unknownIds: [] })
    const shop = await openShopOver([fakeRecommendations(), fakeInventory({ getBooks })])
    opened.defer(shop.close)

    const { statusCode, body } = await shop.app.inject('/books/5')

    expect([statusCode, body.includes('data-fallback="inventory"')]).toEqual([200, true])
  })
})

async function open(recommendations: ReturnType<typeof fakeRecommendations>) {
  const shop = await openShopOver([recommendations, fakeInventory(), fakeReviews()])
  opened.defer(shop.close)
  return shop
}

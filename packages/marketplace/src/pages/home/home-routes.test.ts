import { BookCategory, BookRecommendation, type RecommendationRequest } from '@books/proto'
import { invalidArgument } from '@books/rpc'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { books, fakeArticles, fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { openShop, openShopOver, plainItems } from '../../shop.fixture.ts'
import { cookieOf, sectionOf } from '../pages.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('the front page', () => {
  it('shows three recommended mysteries, each in a plain list item, and no other plain list item', async () => {
    const asked: RecommendationRequest[] = []
    const recommendations = [book(1, 'The Maltese Falcon'), book(2, 'Gaudy Night'), book(3, 'The Moonstone')]
    const { app } = await open(
      fakeRecommendations({
        async recommend(request) {
          asked.push(request)
          return { recommendations }
        },
      }),
    )

    const { statusCode, headers, body } = await app.inject('/')

    expect(asked[0]).toMatchObject({ userId: 1, category: BookCategory.MYSTERY, maxResults: 3 })
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(body).toContain('<title>Online Books For You</title>')
    expect(/<h\d[\s\S]*?<\/h\d>/.exec(body)?.[0]).toBe('<h1>Mystery books you may like</h1>')
    expect(plainItems(body).map((item) => /<a href="(\/books\/\d+)"/.exec(item)?.[1])).toEqual([
      '/books/1',
      '/books/2',
      '/books/3',
    ])
  })

  it('escapes titles and names', async () => {
    const orient = book(2, 'Murder on the <i>Orient</i>')
    const { app } = await open(fakeRecommendations({ recommend: async () => ({ recommendations: [orient] }) }))

    const { body } = await app.inject('/')

    expect(body).toContain('Murder on the &lt;i&gt;Orient&lt;/i&gt;')
    expect(body).not.toContain('<i>')
  })

  it('shows more shelves, and no book twice except in the window', async () => {
    const { app } = await open(fakeRecommendations(), fakeInventory())

    const { body } = await app.inject('/')

    const picks = idsIn(sectionOf(body, 'picks'))
    const trending = idsIn(sectionOf(body, 'trending'))
    expect([picks.length, trending.length]).toEqual([3, 6])
    expect(trending.filter((id) => picks.includes(id))).toEqual([])
    expect(body).not.toContain('id="for-you-heading"')
    expect(body.match(/id="(romance|historical-fiction|horror|classics)-heading"/g)).toHaveLength(4)
  })

  it('requests recommendations by the reader’s preferences', async () => {
    const asked: RecommendationRequest[] = []
    const recommendations = [7, 8, 9].map((id) => book(id, `Mystery ${id}`))
    const { app } = await open(
      fakeRecommendations({
        async recommend(request) {
          asked.push(request)
          return { recommendations }
        },
      }),
      fakeInventory(),
    )
    const cookie = await cookieOf(app, [
      [5, 'liked'],
      [40, 'disliked'],
    ])

    const { body } = await app.inject({ url: '/', headers: { cookie } })

    const mine = asked.filter(({ likedIds }) => likedIds.length > 0)
    expect(mine).toMatchObject([
      { userId: 0, likedIds: [5], dislikedIds: [40], allCategories: true, category: BookCategory.MYSTERY },
    ])
    expect(idsIn(sectionOf(body, 'picks'))).toEqual(['7', '8', '9'])
    expect(sectionOf(body, 'picks')).toContain('Chosen by what you told us.')
  })

  it('shows the best mysteries first, and then the best of all shelves', async () => {
    const { app } = await open(fakeRecommendations(), fakeInventory())
    const cookie = await cookieOf(app, [[5, 'liked']])

    const { body } = await app.inject({ url: '/', headers: { cookie } })

    const titles = books.filter(({ id }) => id !== 5).map(({ id }) => String(id))
    const mysteries = books.filter(({ category }) => category === 'MYSTERY').map(({ id }) => String(id))
    const picks = mysteries.slice(0, 3)
    expect(idsIn(sectionOf(body, 'picks'))).toEqual(picks)
    expect(idsIn(sectionOf(body, 'for-you'))).toEqual(titles.filter((id) => !picks.includes(id)).slice(0, 6))
  })

  it('requests mysteries alone where the recommendations of all shelves contain too few', async () => {
    const { app } = await open(
      fakeRecommendations({
        async recommend({ allCategories }) {
          const dune = BookRecommendation.fromPartial({ id: 6, title: 'Dune', category: BookCategory.SCIENCE_FICTION })
          return { recommendations: allCategories ? [dune] : [book(7, 'The Big Sleep')] }
        },
      }),
    )
    const cookie = await cookieOf(app, [[5, 'liked']])

    const { body } = await app.inject({ url: '/', headers: { cookie } })

    expect(idsIn(sectionOf(body, 'picks'))).toEqual(['7'])
    expect(idsIn(sectionOf(body, 'for-you'))).toEqual(['6'])
  })

  it('names the liked book that is the reason for another', async () => {
    const { app } = await open(fakeRecommendations(), fakeInventory())
    const cookie = await cookieOf(app, [[5, 'liked']])

    const { body } = await app.inject({ url: '/', headers: { cookie } })

    expect(sectionOf(body, 'for-you')).toContain('Because you liked Ender&#x27;s Game')
  })

  it('shows a notice without recommendations', async () => {
    const { app } = await open(fakeRecommendations({ recommend: async () => ({ recommendations: [] }) }))

    const { statusCode, body } = await app.inject('/')

    expect(statusCode).toBe(200)
    expect(body).toContain('The mystery shelf is empty just now.')
    expect(plainItems(body)).toEqual([])
  })

  it('opens without any backend, and marks what is missing', async () => {
    const shop = await openShop()
    opened.defer(shop.close)

    const { statusCode, body } = await shop.app.inject('/')

    expect(statusCode).toBe(200)
    expect(body).toContain('We cannot reach our recommendations just now.')
    expect(body).toContain('data-fallback="recommendations"')
    expect(body).toContain('data-fallback="inventory"')
  })

  it('opens where services reject its requests as invalid', async () => {
    const refuse = async () => Promise.reject(invalidArgument('category', 'is of another age'))
    const { app } = await open(
      fakeRecommendations({ recommend: refuse }),
      fakeInventory({ listBooks: refuse, getBooks: refuse }),
      fakeArticles({ articleList: refuse }),
    )
    const cookie = `${app.cookieNames.preferences}=${encodeURIComponent(app.signCookie('5'))}`

    const { statusCode, body } = await app.inject({ url: '/', headers: { cookie } })

    expect(statusCode).toBe(200)
    for (const name of ['recommendations', 'inventory', 'articles']) expect(body).toContain(`data-fallback="${name}"`)
  })

  it('marks books whose reasons are missing', async () => {
    const getBooks = async () => Promise.reject(new Error('ink'))
    const { app } = await open(fakeRecommendations(), fakeInventory({ getBooks }))
    // Without the inventory the page of a book has no form.
    const cookie = `${app.cookieNames.preferences}=${encodeURIComponent(app.signCookie('5'))}`

    const { body } = await app.inject({ url: '/', headers: { cookie } })

    expect(body).toMatch(/aria-labelledby="for-you-heading" data-fallback="inventory"/)
    expect(sectionOf(body, 'for-you')).not.toContain('Because')
  })

  it('shows other shelves in the window each day', async () => {
    const days = ['2026-11-20', '2026-11-21', '2026-11-22']
    const windows: string[] = []
    for (const day of days) {
      const shop = await openShop({}, () => new Date(`${day}T08:00:00Z`))
      opened.defer(shop.close)
      const { body } = await shop.app.inject('/')
      windows.push(
        ...[...body.matchAll(/<section class="shelf" aria-labelledby="([a-z-]+)-heading"/g)].map(([, id = '']) => id),
      )
    }

    expect(new Set(windows.filter((id) => id !== 'picks')).size).toBe(11)
  })
})

function book(id: number, title: string): BookRecommendation {
  return BookRecommendation.fromPartial({ id, title, author: 'A & C', category: BookCategory.MYSTERY })
}

function idsIn(html: string): string[] {
  return [...html.matchAll(/href="\/books\/(\d+)"/g)].map(([, id = '']) => id)
}

async function open(recommendations = fakeRecommendations(), inventory = fakeInventory(), articles = fakeArticles()) {
  const shop = await openShopOver([recommendations, inventory, articles])
  opened.defer(shop.close)
  return shop
}

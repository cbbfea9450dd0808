import type { ListBooksRequest } from '@books/proto'
import { BookSort, Category } from '@books/proto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fakeInventory } from '../../services.fixture.ts'
import { openShop, openShopOver } from '../../shop.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('a shelf', () => {
  it('lists all its books on pages with links between them', async () => {
    const { app } = await open()

    const first = (await app.inject('/categories/mystery')).body
    const second = (await app.inject('/categories/mystery?page=2')).body

    expect(first).toContain('<h1>Mystery</h1>')
    expect(first).toContain('26 books')
    expect([first, second].map((page) => page.match(/<li class="card">/g)?.length)).toEqual([24, 2])
    expect(first).toContain('<link rel="next" href="/categories/mystery?page&#x3D;2">')
    expect(first).not.toContain('rel="prev"')
    expect(second).toContain('<link rel="prev" href="/categories/mystery">')
    expect(second).toContain('<link rel="canonical" href="http://localhost:5000/categories/mystery?page&#x3D;2">')
  })

  it('keeps the chosen order on every page', async () => {
    const asked: ListBooksRequest[] = []
    const { app } = await open({
      async listBooks(request) {
        asked.push(request)
        return { books: [], nextPageToken: '', totalSize: 60 }
      },
    })

    const { body } = await app.inject('/categories/science-fiction?sort=newest')

    expect(asked).toMatchObject([
      { category: Category.CATEGORY_SCIENCE_FICTION, sort: BookSort.BOOK_SORT_NEWEST, pageSize: 24, skip: 0 },
    ])
    expect(body).toContain('aria-current="true">Newest</a>')
    expect(body).toContain('rel="next" href="/categories/science-fiction?sort&#x3D;newest&amp;page&#x3D;2"')
  })

  it('shows a notice when it is empty, and when the inventory does not answer', async () => {
    const { app } = await open({ listBooks: async () => ({ books: [], nextPageToken: '', totalSize: 0 }) })
    const alone = await openShop()
    opened.defer(alone.close)

    expect((await app.inject('/categories/horror')).body).toContain('Nothing stands on this shelf yet.')
    const { statusCode, body } = await alone.app.inject('/categories/horror')
    expect(statusCode).toBe(200)
    expect(body).toContain('data-fallback="inventory"')
    expect(body).toContain('This shelf is out of sight just now.')
  })
})

async function open(handlers: Parameters<typeof fakeInventory>[0] = {}) {
  const shop = await openShopOver([fakeInventory(handlers)])
  opened.defer(shop.close)
  return shop
}

import { Availability, BookSort, Category, InventoryServiceService, type ListBooksRequest } from '@books/proto'
import { type Client, Status, service } from '@books/rpc'
import { serve, type TestServer } from '@books/rpc/testing'
import { silentLog } from '@books/runtime/testing'
import { followChanges } from '@books/service/watch'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { assert, asyncProperty, constantFrom, integer, record } from 'fast-check'
import { toMessage } from './book-message.ts'
import { createInventory } from './inventory.ts'
import { bookOf, catalogue, engines, type OpenStore, save } from './store.fixture.ts'

const realCategories = Object.values(Category).filter((category) => category > 0)
const realSorts = Object.values(BookSort).filter((sort) => sort > 0)

let store: OpenStore
let server: TestServer
let client: Client<typeof InventoryServiceService>

describe.each(engines)('inventory (%s)', (_, open) => {
  beforeAll(async () => {
    store = await open()
    const changes = followChanges(store.books.newestRevision, { everyMs: 10, log: silentLog })
    const methods = createInventory({ ...store, changes })
    server = await serve([service(InventoryServiceService, methods)])
    client = server.client(InventoryServiceService)
  })
  afterAll(async () => {
    await server.stop()
    await store.close()
  })

  describe('GetBooks', () => {
    it('answers books in the order of the requested ids, repeated ones too, and each unknown id once', async () => {
      const { books, unknownIds } = await client.getBooks({ ids: [6, 9_999, 1, 6, -1, 9_999, 0] })

      expect(books.map(({ title }) => title)).toEqual([
        'The Dune Chronicles',
        'The Maltese Falcon',
        'The Dune Chronicles',
      ])
      expect(unknownIds).toEqual([9_999, -1, 0])
    })

    it('answers all facts of a book', async () => {
      const { books } = await client.getBooks({ ids: catalogue.map(({ id }) => id) })

      expect(books).toEqual(catalogue.map(toMessage))
      expect(books[0]).toEqual({
        id: 1,
        title: 'The Maltese Falcon',
        author: 'Dashiell Hammett',
        year: 1930,
        category: Category.CATEGORY_MYSTERY,
        priceCents: 1250,
        currency: 'EUR',
        availability: Availability.AVAILABILITY_IN_STOCK,
        copiesLeft: 0,
      })
    })

    it('accepts 500 ids, and no more', async () => {
      const most = await client.getBooks({ ids: Array(500).fill(1) })

      expect(most.books).toHaveLength(500)
      await expect(client.getBooks({ ids: Array(501).fill(1) })).rejects.toMatchObject(invalid('ids'))
    })
  })

  describe('ListBooks', () => {
    it('answers 24 books of all categories by title, and the total', async () => {
      const { books, nextPageToken, totalSize } = await client.listBooks({})

      expect(books).toHaveLength(24)
      expect(books.slice(0, 3).map(({ title }) => title)).toEqual([
        '1491',
        'A Beautiful Mind',
        'A Brief History of Time',
      ])
      expect(nextPageToken).not.toBe('')
      expect(totalSize).toBe(312)
    })

    it.each([
      [BookSort.BOOK_SORT_AUTHOR, ['Rivers of London', 'Things Fall Apart', "The Hitchhiker's Guide to the Galaxy"]],
      [BookSort.BOOK_SORT_NEWEST, ['Four Thousand Weeks', 'Beach Read', 'Entangled Life']],
      [BookSort.BOOK_SORT_OLDEST, ['Don Quixote', 'Dialogue Concerning the Two Chief World Systems', 'Micrographia']],
      [BookSort.BOOK_SORT_CHEAPEST, ['Candide', "Gulliver's Travels", 'Jane Eyre']],
      [
        BookSort.BOOK_SORT_DEAREST,
        ['The History of the Decline and Fall of the Roman Empire', 'The Power Broker', 'House of Leaves'],
      ],
    ])('sorts by the requested order, then by title: %i', async (sort, first) => {
      const { books } = await client.listBooks({ sort, pageSize: 3 })

      expect(books.map(({ title }) => title)).toEqual(first)
    })

    it('sorts titles without regard to case and accents, in any script', async () => {
      const titles = ['éclair at Noon', 'Eclair at Night', 'Ångström', 'angst', '«Zebra»', 'Zèbre', 'Дом', 'дон']
      await save(store.tables, ...titles.map((title, index) => bookOf(1_000 + index, { title })))

      const { books } = await client.listBooks({ pageSize: 500 })
      await forget(1_000)

      const order = ['angst', 'Ångström', 'Eclair at Night', 'éclair at Noon', '«Zebra»', 'Zèbre', 'Дом', 'дон']
      expect(books.map(({ title }) => title).filter((title) => titles.includes(title))).toEqual(order)
    })

    it('gives every book once, in order, for any category, sort and page size', async () => {
      const query = record({
        category: constantFrom(Category.CATEGORY_UNSPECIFIED, ...realCategories),
        sort: constantFrom(BookSort.BOOK_SORT_UNSPECIFIED, ...realSorts),
        pageSize: integer({ min: 5, max: 100 }),
      })

      await assert(
        asyncProperty(query, async (asked) => {
          const whole = await client.listBooks({ ...asked, pageSize: 500 })
          const pages = await listPages(asked)

          expect(pages.flatMap(({ books }) => books)).toEqual(whole.books)
          expect(whole.books).toHaveLength(whole.totalSize)
          expect(new Set(pages.map(({ totalSize }) => totalSize))).toEqual(new Set([whole.totalSize]))
          if (asked.category)
            expect(new Set(whole.books.map(({ category }) => category))).toEqual(new Set([asked.category]))
        }),
        { numRuns: 40 },
      )
    })

    it('sorts books of the same title by their ids', async () => {
      const ids = [1_000, 1_001, 1_002]
      await save(store.tables, ...ids.map((id) => bookOf(id, { title: '0', author: `Author ${id}` })))
      const pages = await listPages({ pageSize: 1 }, 3)
      await forget(1_000)

      expect(pages.map(({ books }) => books[0]?.id)).toEqual(ids)
    })

    it('skips books, counted from the token on', async () => {
      const whole = await client.listBooks({ sort: BookSort.BOOK_SORT_NEWEST, pageSize: 30 })
      const first = await client.listBooks({ sort: BookSort.BOOK_SORT_NEWEST, pageSize: 5, skip: 5 })
      const second = await client.listBooks({
        sort: BookSort.BOOK_SORT_NEWEST,
        pageSize: 5,
        skip: 10,
        pageToken: first.nextPageToken,
      })
      const beyond = await client.listBooks({ skip: 2 ** 31 - 1 })

      expect(first.books).toEqual(whole.books.slice(5, 10))
      expect(second.books).toEqual(whole.books.slice(20, 25))
      expect(beyond).toEqual({ books: [], nextPageToken: '', totalSize: 312 })
    })

    it.each(realSorts)('continues after the token while books are added and moved, sorted by %i', async (sort) => {
      const asked = { category: Category.CATEGORY_HORROR, sort, pageSize: 7 }
      const before = (await client.listBooks({ ...asked, pageSize: 500 })).books
      const first = await client.listBooks(asked)

      // One before the first page, one after the last, and the book of the token itself moves to the front.
      const last = catalogue.find(({ id }) => id === first.books.at(-1)?.id) ?? bookOf(0)
      const front = {
        category: 'HORROR',
        title: '0',
        author: 'Aa Aa',
        year: extreme(sort, 3, 3_000),
        priceCents: extreme(sort, 1, 9_999),
      } as const
      const behind = {
        category: 'HORROR',
        title: 'ZZ',
        author: 'Zz Zz',
        year: extreme(sort, 3_000, 3),
        priceCents: extreme(sort, 9_999, 1),
      } as const
      await save(store.tables, bookOf(1_000, front), bookOf(1_001, behind), { ...last, ...front, title: '00' })
      const rest = await listPages({ ...asked, pageToken: first.nextPageToken })
      await forget(1_000)
      await save(store.tables, last)

      expect(rest.flatMap(({ books }) => books).map(({ id }) => id)).toEqual([
        ...before.slice(7).map(({ id }) => id),
        1_001,
      ])
    })

    it('refuses a token that was modified, or belongs to another list', async () => {
      const { nextPageToken } = await client.listBooks({ category: Category.CATEGORY_HORROR, pageSize: 5 })
      const decoded = JSON.parse(Buffer.from(nextPageToken, 'base64url').toString())
      const forged = (change: (token: unknown[]) => void) => {
        const token = [...decoded]
        change(token)
        return Buffer.from(JSON.stringify(token)).toString('base64url')
      }
      const same = { category: Category.CATEGORY_HORROR }

      await expect(
        client.listBooks({ ...same, sort: BookSort.BOOK_SORT_TITLE, pageToken: nextPageToken }),
      ).resolves.toBeDefined()
      for (const request of [
        { pageToken: nextPageToken },
        { category: Category.CATEGORY_HISTORY, pageToken: nextPageToken },
        { ...same, sort: BookSort.BOOK_SORT_OLDEST, pageToken: nextPageToken },
        { ...same, pageToken: 'next' },
        { ...same, pageToken: '{}' },
        { ...same, pageToken: nextPageToken.slice(0, -3) },
        { ...same, pageToken: 'x'.repeat(20_000) },
        { ...same, pageToken: forged((token) => token.push(1)) },
        { ...same, pageToken: forged((token) => token.splice(2, 1, 7)) },
        { ...same, pageToken: forged((token) => token.splice(3, 1, 'a\u0000')) },
        { ...same, pageToken: forged((token) => token.splice(4, 1, 2 ** 31)) },
        { ...same, pageToken: forged((token) => token.splice(4, 1, 1.5)) },
      ]) {
        await expect(client.listBooks(request)).rejects.toMatchObject(invalid('page_token'))
      }
    })

    it.each([
      ['category', { category: 99 as Category }],
      ['sort', { sort: 99 as BookSort }],
      ['page_size', { pageSize: -1 }],
      ['skip', { skip: -1 }],
    ])('refuses an invalid %s, and names the field', async (field, wrong) => {
      await expect(client.listBooks(wrong)).rejects.toMatchObject(invalid(field))
    })
  })
})

async function listPages(request: Partial<ListBooksRequest>, most = Number.POSITIVE_INFINITY) {
  const pages = [await client.listBooks(request)]
  for (let token = pages[0]?.nextPageToken; token && pages.length < most; token = pages.at(-1)?.nextPageToken) {
    pages.push(await client.listBooks({ ...request, pageToken: token }))
  }
  return pages
}

/** The low value for an ascending sort, else the high one. */
function extreme(sort: BookSort, low: number, high: number): number {
  return sort === BookSort.BOOK_SORT_NEWEST || sort === BookSort.BOOK_SORT_DEAREST ? high : low
}

function forget(fromId: number) {
  return store.tables.deleteFrom('books').where('id', '>=', fromId).execute()
}

function invalid(field: string) {
  return { code: Status.INVALID_ARGUMENT, details: { badRequest: { fieldViolations: [{ field }] } } }
}

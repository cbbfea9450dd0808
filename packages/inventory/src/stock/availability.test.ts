import { Availability, type Book } from '@books/proto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { bookOf, engines, openServedStore, type ServedStore, save } from '../store.fixture.ts'
import { isShown } from './availability.ts'

const {
  AVAILABILITY_IN_STOCK: inStock,
  AVAILABILITY_FEW_LEFT: fewLeft,
  AVAILABILITY_OUT_OF_STOCK: outOfStock,
} = Availability
const bookId = 1_000

let store: ServedStore
let client: ServedStore['client']

describe.each(engines)('the availability of a book (%s)', (_, open) => {
  beforeAll(async () => {
    store = await openServedStore(open)
    client = store.client
  })
  afterAll(() => store.close())

  it.each([
    [0, [outOfStock, 0]],
    [1, [fewLeft, 1]],
    [5, [fewLeft, 5]],
    [6, [inStock, 0]],
    [1_000, [inStock, 0]],
  ])('is in the answers of every method: %i free copies', async (stock, shown) => {
    await save(store.tables, { ...bookOf(1_001, { title: 'Zyzzyva' }), stock })

    const { books } = await client.getBooks({ ids: [1_001] })
    const { matches } = await client.searchBooks({ query: 'zyzzyva' })
    const listed = await client.listBooks({ pageSize: 500 })

    const found = [...books, ...matches.map(({ book }) => book), ...listed.books.filter(({ id }) => id === 1_001)]
    expect(found.map((book) => book && shownBy(book))).toEqual([shown, shown, shown])
  })

  it('is told to watchers when it changes, and not for every copy', async () => {
    await save(store.tables, { ...bookOf(bookId), stock: 8 })
    const afterRevision = await store.books.newestRevision()
    const stream = client.watchBooks({ afterRevision })[Symbol.asyncIterator]()
    await stream.next()
    const told = async () => (await stream.next()).value.books.map(shownBy)

    await reserve('one', 1)
    await store.availability.idle()
    const revisionAfterOne = await store.books.newestRevision()
    await reserve('two', 2)
    const few = await told()
    await reserve('three', 5)
    const none = await told()
    await client.releaseReservation({ orderId: 'three' })
    const fewAgain = await told()
    await client.releaseReservation({ orderId: 'two' })
    const many = await told()
    await stream.return?.()

    expect(revisionAfterOne).toBe(afterRevision)
    expect([few, none, fewAgain, many]).toEqual([[[fewLeft, 5]], [[outOfStock, 0]], [[fewLeft, 5]], [[inStock, 0]]])
  })

  it('follows the stock where many orders change it at once', async () => {
    await save(store.tables, { ...bookOf(bookId), stock: 40 })

    await Promise.all(Array.from({ length: 38 }, (_, number) => reserve(`of many ${number}`, 1)))
    await store.availability.idle()

    const { books } = await client.getBooks({ ids: [bookId] })
    expect(books.map(shownBy)).toEqual([[fewLeft, 2]])
  })

  it('is published later where the database failed', async () => {
    await save(store.tables, { ...bookOf(bookId), stock: 3 })
    const change = { bookId, before: 3, after: 0 }
    await store.tables.updateTable('stock').set({ free: 0 }).where('book_id', '=', bookId).execute()

    await sql`alter table inventory.stock rename to away`.execute(store.tables)
    store.availability.publish([change])
    await store.availability.idle()
    await sql`alter table inventory.away rename to stock`.execute(store.tables)
    const [before] = await store.books.listByIds([bookId])
    store.availability.publish([])
    await store.availability.idle()

    const [after] = await store.books.listByIds([bookId])
    expect([before?.copiesShown, after?.copiesShown]).toEqual([3, 0])
  })
})

describe('a change of free copies', () => {
  it.each([
    [7, 6, false],
    [6, 5, true],
    [5, 4, true],
    [1, 0, true],
    [0, 60, true],
    [60, 6, false],
    [3, 3, false],
  ])('from %i to %i is shown: %s', (before, after, shown) => {
    expect(isShown({ bookId, before, after })).toBe(shown)
  })
})

function reserve(orderId: string, copies: number) {
  const expiresAt = new Date(Date.now() + 60_000)
  return client.reserveStock({ orderId, lines: [{ bookId, copies }], expiresAt })
}

function shownBy({ availability, copiesLeft }: Book): [Availability, number] {
  return [availability, copiesLeft]
}

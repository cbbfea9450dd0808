import { StockReason } from '@books/proto'
import { Status } from '@books/rpc'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { bookOf, emptyStore, engines, openServedStore, type ServedStore, save } from '../store.fixture.ts'
import { findProblems } from './check-stock.ts'

const {
  STOCK_REASON_CORRECTED: corrected,
  STOCK_REASON_RECEIVED: received,
  STOCK_REASON_RETURNED: returned,
} = StockReason
const bookId = 1_000

let store: ServedStore
let client: ServedStore['client']

describe.each(engines)('stock (%s)', (_, open) => {
  beforeAll(async () => {
    store = await openServedStore(open)
    client = store.client
  })
  afterAll(() => store.close())
  beforeEach(async () => {
    await emptyStore(store)
    await save(store.tables, { ...bookOf(bookId), stock: 10 }, { ...bookOf(1_001), stock: 3 })
  })

  describe('GetStock', () => {
    it('answers in the order of the ids, repeated ones too, and zeros for an id that no book has', async () => {
      const { stock } = await client.getStock({ bookIds: [1_001, 5_555, bookId, 1_001] })

      expect(stock).toEqual([
        { bookId: 1_001, free: 3, held: 0, sold: 0 },
        { bookId: 5_555, free: 0, held: 0, sold: 0 },
        { bookId, free: 10, held: 0, sold: 0 },
        { bookId: 1_001, free: 3, held: 0, sold: 0 },
      ])
    })

    it('accepts 500 ids, and no more', async () => {
      expect((await client.getStock({ bookIds: Array(500).fill(1) })).stock).toHaveLength(500)
      await expect(client.getStock({ bookIds: Array(501).fill(1) })).rejects.toMatchObject(invalid('book_ids'))
    })
  })

  describe('AdjustStock', () => {
    it('adds copies that were received, and takes away those that were lost', async () => {
      expect(await adjust('a', 5, received)).toMatchObject({ free: 15 })
      expect(await adjust('b', -15, corrected)).toMatchObject({ free: 0 })
      expect(await adjust('c', 2, corrected)).toEqual({ bookId, free: 2, held: 0, sold: 0 })
      expect(await findProblems(store.tables)).toEqual([])
    })

    it('makes sold copies that were returned free again', async () => {
      await sell(4)

      expect(await adjust('a', 3, returned)).toEqual({ bookId, free: 9, held: 0, sold: 1 })
      expect(await findProblems(store.tables)).toEqual([])
    })

    it('makes the change of a key once, and answers it as it was', async () => {
      const first = await adjust('a', 5, received)
      await adjust('b', 1, received)
      const again = await adjust('a', 5, received)

      expect(again).toEqual(first)
      expect(await freeCopies()).toBe(16)
    })

    it('makes the change of a key once where it is asked for at the same time', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => adjust('a', 5, received)))

      expect(new Set(answers.map((stock) => stock?.free))).toEqual(new Set([15]))
      expect(await freeCopies()).toBe(15)
      expect(await findProblems(store.tables)).toEqual([])
    })

    it('loses no change of others made at the same time', async () => {
      await Promise.all(
        Array.from({ length: 30 }, (_, number) => adjust(`key ${number}`, number % 2 ? -1 : 2, corrected)),
      )

      expect(await freeCopies()).toBe(10 + 15)
      expect(await findProblems(store.tables)).toEqual([])
    })

    it.each([
      ['another number of copies', { delta: 4 }],
      ['another reason', { reason: corrected }],
      ['another book', { bookId: 1_001 }],
    ])('refuses %s under the same key', async (_what, other) => {
      await adjust('a', 5, received)

      const answer = client.adjustStock({ key: 'a', bookId, delta: 5, reason: received, ...other })
      await expect(answer).rejects.toMatchObject({ code: Status.ALREADY_EXISTS })
      expect(await freeCopies()).toBe(15)
    })

    it.each([
      ['fewer are free', -11, corrected],
      ['fewer were sold than come back', 5, returned],
    ])('refuses it where %s', async (_what, delta, reason) => {
      await sell(4)

      await expect(adjust('a', delta, reason)).rejects.toMatchObject({
        code: Status.FAILED_PRECONDITION,
        details: { errorInfo: { reason: 'NOT_ENOUGH_COPIES', domain: 'books.inventory' } },
      })
      expect(await freeCopies()).toBe(6)
    })

    it('refuses an id that no book has', async () => {
      const answer = client.adjustStock({ key: 'a', bookId: 5_555, delta: 5, reason: received })

      await expect(answer).rejects.toMatchObject({ code: Status.NOT_FOUND })
    })

    it('refuses to make more copies free than can be counted', async () => {
      await store.tables.updateTable('stock').set({ free: 1_000_000_000 }).where('book_id', '=', bookId).execute()

      await expect(adjust('a', 1, received)).rejects.toMatchObject(invalid('delta'))
    })

    it.each([
      ['key', { key: '' }],
      ['key', { key: 'a\n' }],
      ['delta', { delta: 0 }],
      ['delta', { delta: 1_000_001 }],
      ['delta', { delta: -1 }],
      ['delta', { delta: -1, reason: returned }],
      ['reason', { reason: StockReason.STOCK_REASON_UNSPECIFIED }],
      ['reason', { reason: 99 as StockReason }],
    ])('refuses an invalid %s', async (field, wrong) => {
      const request = { key: 'a', bookId, delta: 5, reason: received, ...wrong }

      await expect(client.adjustStock(request)).rejects.toMatchObject(invalid(field))
    })
  })
})

async function adjust(key: string, delta: number, reason: StockReason) {
  return (await client.adjustStock({ key, bookId, delta, reason })).stock
}

async function sell(copies: number): Promise<void> {
  const expiresAt = new Date(Date.now() + 60_000)
  await client.reserveStock({ orderId: 'one', lines: [{ bookId, copies }], expiresAt })
  await client.commitReservation({ orderId: 'one' })
}

async function freeCopies(): Promise<number | undefined> {
  return (await store.stock.list([bookId]))[0]?.free
}

function invalid(field: string) {
  return { code: Status.INVALID_ARGUMENT, details: { badRequest: { fieldViolations: [{ field }] } } }
}

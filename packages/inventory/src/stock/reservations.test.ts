import { type RpcError, Status } from '@books/rpc'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { bookOf, emptyStore, engines, openServedStore, type ServedStore, save } from '../store.fixture.ts'
import { findProblems } from './check-stock.ts'

let store: ServedStore
let client: ServedStore['client']

/** Books with so many free copies. */
const [many, few, last, none] = [1_000, 1_001, 1_002, 1_003]
const bookIds = [many, few, last, none]

describe.each(engines)('reservations (%s)', (_, open) => {
  beforeAll(async () => {
    store = await openServedStore(open)
    client = store.client
  })
  afterAll(() => store.close())
  beforeEach(async () => {
    await emptyStore(store)
    const stock = [1_000, 7, 1, 0]
    await save(store.tables, ...bookIds.map((id, index) => ({ ...bookOf(id), stock: stock[index] })))
  })

  describe('ReserveStock', () => {
    it('holds all copies of an order, those of several lines of a book too', async () => {
      await reserve('one', [few, 2], [many, 3], [few, 4])

      expect(await stockOf(many, few)).toEqual([
        [997, 3, 0],
        [1, 6, 0],
      ])
    })

    it('holds nothing where a book lacks copies, and names each that does', async () => {
      const refused = await failure(reserve('one', [many, 3], [last, 1], [few, 8], [none, 1], [5_555, 1], [last, 1]))

      expect(refused).toMatchObject(
        failed('OUT_OF_STOCK', {
          book_ids: '1001,1002,1003,5555',
          free_1001: '7',
          free_1002: '1',
          free_1003: '0',
          free_5555: '0',
        }),
      )
      expect(await stockOf(many, few, last)).toEqual([
        [1_000, 0, 0],
        [7, 0, 0],
        [1, 0, 0],
      ])
    })

    it('names a hundred books that lack', async () => {
      const lines = Array.from({ length: 100 }, (_, index): Line => [900_000_000 + index, 1])

      const refused = await failure(reserve('one', ...lines))

      expect(refused.details.errorInfo?.metadata['book_ids']?.split(',')).toEqual(lines.map(([id]) => String(id)))
      expect(Object.keys(refused.details.errorInfo?.metadata ?? {})).toHaveLength(101)
    })

    it('holds copies once, however often it is asked, in any order of the lines, and after they were sold too', async () => {
      await reserve('one', [few, 3], [many, 2])
      await reserve('one', [many, 2], [few, 1], [few, 2])
      await client.commitReservation({ orderId: 'one' })
      await reserve('one', [few, 3], [many, 2])

      expect(await stockOf(few)).toEqual([[4, 0, 3]])
    })

    it('answers the order that has the last copy, again', async () => {
      await reserve('one', [last, 1])
      await reserve('one', [last, 1])

      expect(await stockOf(last)).toEqual([[0, 1, 0]])
    })

    it.each<[string, Line[]]>([
      ['fewer', [[few, 2]]],
      ['more', [[few, 4]]],
      ['another book', [[many, 3]]],
      [
        'one more book',
        [
          [few, 3],
          [many, 1],
        ],
      ],
    ])('refuses other lines under the same order: %s', async (_what, lines) => {
      await reserve('one', [few, 3])

      expect(await failure(reserve('one', ...lines))).toMatchObject({ code: Status.ALREADY_EXISTS })
      expect(await stockOf(few)).toEqual([[4, 3, 0]])
    })

    it('refuses a reservation that has expired before it was made, and answers one that was made', async () => {
      const past = new Date(Date.now() - 1)
      const late = await failure(
        client.reserveStock({ orderId: 'one', lines: [{ bookId: few, copies: 1 }], expiresAt: past }),
      )
      await reserve('two', [few, 1])
      await client.reserveStock({ orderId: 'two', lines: [{ bookId: few, copies: 1 }], expiresAt: past })

      expect(late).toMatchObject(failed('RESERVATION_RELEASED'))
      expect(await stockOf(few)).toEqual([[6, 1, 0]])
    })

    it.each([
      ['order_id', { orderId: '' }],
      ['order_id', { orderId: 'x'.repeat(101) }],
      ['order_id', { orderId: 'é' }],
      ['lines', { lines: [] }],
      ['lines', { lines: Array.from({ length: 101 }, () => ({ bookId: few, copies: 1 })) }],
      [
        'lines[1].book_id',
        {
          lines: [
            { bookId: few, copies: 1 },
            { bookId: 0, copies: 1 },
          ],
        },
      ],
      ['lines[0].copies', { lines: [{ bookId: few, copies: 0 }] }],
      ['lines[0].copies', { lines: [{ bookId: few, copies: 1_001 }] }],
      ['expires_at', { expiresAt: undefined }],
      ['expires_at', { expiresAt: inDays(7.1) }],
    ])('refuses an invalid %s', async (field, wrong) => {
      const request = { orderId: 'one', lines: [{ bookId: few, copies: 1 }], expiresAt: inDays(1), ...wrong }

      expect(await failure(client.reserveStock(request))).toMatchObject(invalid(field))
    })
  })

  describe('CommitReservation', () => {
    it('makes held copies sold, once', async () => {
      await reserve('one', [few, 3], [many, 2])
      await client.commitReservation({ orderId: 'one' })
      await client.commitReservation({ orderId: 'one' })

      expect(await stockOf(few, many)).toEqual([
        [4, 0, 3],
        [998, 0, 2],
      ])
    })

    it('refuses an order without a reservation, and one whose reservation was released', async () => {
      await reserve('released', [few, 3])
      await client.releaseReservation({ orderId: 'released' })

      expect(await failure(client.commitReservation({ orderId: 'unknown' }))).toMatchObject({ code: Status.NOT_FOUND })
      expect(await failure(client.commitReservation({ orderId: 'released' }))).toMatchObject(
        failed('RESERVATION_RELEASED'),
      )
      expect(await failure(client.commitReservation({ orderId: '' }))).toMatchObject(invalid('order_id'))
      expect(await stockOf(few)).toEqual([[7, 0, 0]])
    })
  })

  describe('ReleaseReservation', () => {
    it('makes held copies free, once', async () => {
      await reserve('one', [few, 3])
      await client.releaseReservation({ orderId: 'one' })
      await client.releaseReservation({ orderId: 'one' })

      expect(await stockOf(few)).toEqual([[7, 0, 0]])
      expect(await failure(reserve('one', [few, 3]))).toMatchObject(failed('RESERVATION_RELEASED'))
    })

    it('before the reservation refuses it', async () => {
      await client.releaseReservation({ orderId: 'one' })
      await client.releaseReservation({ orderId: 'one' })

      expect(await failure(reserve('one', [few, 3]))).toMatchObject(failed('RESERVATION_RELEASED'))
      expect(await failure(client.commitReservation({ orderId: 'one' }))).toMatchObject(failed('RESERVATION_RELEASED'))
      expect(await stockOf(few)).toEqual([[7, 0, 0]])
    })

    it('refuses an order whose copies are sold', async () => {
      await reserve('one', [few, 3])
      await client.commitReservation({ orderId: 'one' })

      expect(await failure(client.releaseReservation({ orderId: 'one' }))).toMatchObject(
        failed('RESERVATION_COMMITTED'),
      )
      expect(await failure(client.releaseReservation({ orderId: '' }))).toMatchObject(invalid('order_id'))
      expect(await stockOf(few)).toEqual([[4, 0, 3]])
    })
  })

  describe('at the same time', () => {
    it('hold the last copies once: a hundred orders for seven', async () => {
      const outcomes = await all(100, (number) => reserve(`order ${number}`, [many, 1], [few, 1]))

      expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(7)
      expect(new Set(outcomes)).toEqual(new Set(['done', 'OUT_OF_STOCK']))
      expect(await stockOf(many, few)).toEqual([
        [993, 7, 0],
        [0, 7, 0],
      ])
      expect(await findProblems(store.tables)).toEqual([])
    })

    it('are one where all are the same order, which gets the last copy', async () => {
      const outcomes = await all(20, () => reserve('one', [last, 1], [few, 2]))

      expect(new Set(outcomes)).toEqual(new Set(['done']))
      expect(await stockOf(last, few)).toEqual([
        [0, 1, 0],
        [5, 2, 0],
      ])
      expect(await findProblems(store.tables)).toEqual([])
    })

    it('do not wait for each other in a circle: 120 orders of many books in any order, made, sold and given back', async () => {
      const random = createRandom()
      const lines = () =>
        Array.from({ length: 6 }, (): Line => [random() < 0.5 ? many : few, 1 + Math.floor(random() * 2)])
      await save(store.tables, { ...bookOf(many), stock: 5_000 }, { ...bookOf(few), stock: 5_000 })

      const outcomes = await all(120, async (number) => {
        const orderId = `order ${number}`
        const wanted = lines()
        await Promise.all([reserve(orderId, ...wanted), reserve(orderId, ...wanted.toReversed())])
        await (number % 2 ? client.commitReservation({ orderId }) : client.releaseReservation({ orderId }))
      })

      expect(new Set(outcomes)).toEqual(new Set(['done']))
      expect(await findProblems(store.tables)).toEqual([])
    })

    it('end held, sold or released, and nothing in between, where an order is reserved, sold and released at once', async () => {
      const orders = Array.from({ length: 40 }, (_, number) => `order ${number}`)

      const outcomes = await Promise.all(
        orders.map(async (orderId, number) => {
          const calls = [
            () => reserve(orderId, [many, 1], [few, 1]),
            () => client.releaseReservation({ orderId }),
            () => client.commitReservation({ orderId }),
            () => reserve(orderId, [many, 1], [few, 1]),
          ]
          const turned = [...calls.slice(number % 4), ...calls.slice(0, number % 4)]
          return Promise.all(turned.map(outcomeOf))
        }),
      )

      const allowed = ['done', 'OUT_OF_STOCK', 'RESERVATION_RELEASED', 'RESERVATION_COMMITTED', 'NOT_FOUND']
      expect(allowed).toEqual(expect.arrayContaining([...new Set(outcomes.flat())]))
      expect(await findProblems(store.tables)).toEqual([])
    })

    it('are released once where two sweeps and their owners release them, and stay sold where they were sold before', async () => {
      const orders = Array.from({ length: 60 }, (_, number) => `order ${number}`)
      await Promise.all(orders.map((orderId) => reserve(orderId, [many, 2])))
      const later = inDays(8)

      const outcomes = await Promise.all([
        ...orders.map((orderId, number) =>
          outcomeOf(() =>
            number % 2 ? client.commitReservation({ orderId }) : client.releaseReservation({ orderId }),
          ),
        ),
        ...Array.from({ length: 10 }, () => outcomeOf(() => store.reservations.expire(later, 7))),
      ])

      expect(['done', 'RESERVATION_RELEASED']).toEqual(expect.arrayContaining([...new Set(outcomes)]))
      expect(await findProblems(store.tables)).toEqual([])
      while ((await store.reservations.expire(later, 7)).length > 0);
      const sold = (
        await store.tables.selectFrom('reservations').where('state', '=', 'committed').selectAll().execute()
      ).length
      expect(await stockOf(many)).toEqual([[1_000 - 2 * sold, 0, 2 * sold]])
      expect(await findProblems(store.tables)).toEqual([])
    })
  })
})

type Line = [bookId: number, copies: number]

function reserve(orderId: string, ...lines: Line[]) {
  return client.reserveStock({
    orderId,
    lines: lines.map(([bookId, copies]) => ({ bookId, copies })),
    expiresAt: inDays(1),
  })
}

async function stockOf(...ids: number[]): Promise<[free: number, held: number, sold: number][]> {
  const { stock } = await client.getStock({ bookIds: ids })
  return stock.map(({ free, held, sold }) => [free, held, sold])
}

function inDays(days: number): Date {
  return new Date(Date.now() + days * 24 * 60 * 60_000)
}

function all(count: number, call: (number: number) => Promise<unknown>): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, (_, number) => outcomeOf(() => call(number))))
}

/** `done`, or why a call was refused. */
function outcomeOf(call: () => Promise<unknown>): Promise<string> {
  return call().then(
    () => 'done',
    (error: RpcError) => error.details?.errorInfo?.reason ?? Status[error.code] ?? String(error),
  )
}

async function failure(call: Promise<unknown>): Promise<RpcError> {
  return call.then(
    () => {
      throw new Error('the call was answered')
    },
    (error: RpcError) => error,
  )
}

function failed(reason: string, metadata = {}) {
  return {
    code: Status.FAILED_PRECONDITION,
    details: { errorInfo: { reason, domain: 'books.inventory', metadata } },
  }
}

function invalid(field: string) {
  return { code: Status.INVALID_ARGUMENT, details: { badRequest: { fieldViolations: [{ field }] } } }
}

/** The same numbers in [0, 1) each time. */
function createRandom(): () => number {
  let state = 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

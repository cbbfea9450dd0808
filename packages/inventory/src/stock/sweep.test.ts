import { createErrorLog } from '@books/runtime/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { bookOf, emptyStore, engines, type OpenStore, save } from '../store.fixture.ts'
import { findProblems } from './check-stock.ts'
import { releaseExpired, repairBooks, startSweep } from './sweep.ts'

const bookId = 1_000
const now = new Date('2026-11-28T12:00:00Z')
const before = new Date('2026-11-28T11:59:59Z')
const after = new Date('2026-11-28T12:00:01Z')

let store: OpenStore

// More than are looked at in one statement.
const manyBooks = Array.from({ length: 2_100 }, (_, index) => bookOf(2_000 + index))

describe.each(engines)('the sweep (%s)', (_, open) => {
  beforeAll(async () => {
    store = { ...(await open()), now: () => now }
  })
  afterAll(() => store.close())
  beforeEach(async () => {
    await emptyStore(store)
    await save(store.tables, { ...bookOf(bookId), stock: 1_000 }, { ...bookOf(1_001), stock: 1 })
  })

  it('makes the copies of expired reservations free, and leaves the others', async () => {
    await hold('expired', before)
    await hold('current', after)
    await hold('sold', before)
    await store.reservations.commit('sold')

    await releaseExpired(store)

    expect(await statesOf()).toEqual({ current: 'held', expired: 'released', sold: 'committed' })
    expect(await store.stock.list([bookId])).toEqual([{ bookId, free: 998, held: 1, sold: 1 }])
    expect(await findProblems(store.tables)).toEqual([])
  })

  it('releases more than fit into one batch', async () => {
    for (let number = 0; number < 230; number++) await hold(`order ${number}`, before)

    await releaseExpired(store)

    expect(await store.stock.list([bookId])).toEqual([{ bookId, free: 1_000, held: 0, sold: 0 }])
    expect(await findProblems(store.tables)).toEqual([])
  })

  it('shows the copies that are free where a process ended before it had', async () => {
    await store.reservations.hold('one', [{ bookId: 1_001, copies: 1 }], after)
    const [shownBefore] = await store.books.listByIds([1_001])
    const revision = await store.books.newestRevision()

    await repairBooks(store.tables)

    const changed = await store.books.listChanged(revision, 10)
    expect(shownBefore?.copiesShown).toBe(1)
    expect(changed.map(({ id, copiesShown }) => [id, copiesShown])).toEqual([[1_001, 0]])
  })

  it('looks at every book of many, once at its start and then seldom', async () => {
    await save(store.tables, ...manyBooks)
    await store.tables.updateTable('stock').set({ free: 3 }).where('book_id', 'in', [2_000, 4_099]).execute()
    let round = Promise.withResolvers<void>()
    const reservations: OpenStore['reservations'] = {
      ...store.reservations,
      async expire() {
        round.resolve()
        round = Promise.withResolvers()
        return []
      },
    }
    const { log, errors } = createErrorLog()

    const { stop } = startSweep({ ...store, reservations, log, everyMs: 1 })
    // The next one begins once a whole one has ended.
    const aWholeRound = () => round.promise.then(() => round.promise)
    await aWholeRound()
    const shown = await store.books.listByIds([2_000, 4_099])
    await store.tables.updateTable('stock').set({ free: 0 }).where('book_id', '=', 2_000).execute()
    await aWholeRound()
    await stop()

    expect(errors).toEqual([])
    expect(shown.map(({ copiesShown }) => copiesShown)).toEqual([3, 3])
    expect((await store.books.listByIds([2_000]))[0]?.copiesShown).toBe(3)
  })

  it('gives stock to books that were added by a version without it', async () => {
    await store.tables.deleteFrom('stock').where('book_id', '=', 1_001).execute()
    await store.tables.deleteFrom('stock_changes').where('book_id', '=', 1_001).execute()

    await repairBooks(store.tables)

    expect(await store.stock.list([1_001])).toEqual([{ bookId: 1_001, free: 0, held: 0, sold: 0 }])
    expect((await store.books.listByIds([1_001]))[0]?.copiesShown).toBe(0)
  })

  it('runs again and again until it is stopped, also after the database failed, which it logs once', async () => {
    const { log, errors } = createErrorLog()
    const sweeping = Promise.withResolvers<void>()
    let fails = 3
    const reservations: OpenStore['reservations'] = {
      ...store.reservations,
      async expire(time, limit) {
        if (fails-- > 0) throw new Error('the database is away')
        const changes = await store.reservations.expire(time, limit)
        if (changes.length > 0) sweeping.resolve()
        return changes
      },
    }
    const { stop } = startSweep({ ...store, reservations, log, everyMs: 1 })
    await hold('one', before)
    await sweeping.promise

    await stop()
    await hold('two', before)
    expect(await statesOf()).toEqual({ one: 'released', two: 'held' })
    expect(errors).toHaveLength(1)
  })
})

function hold(orderId: string, expiresAt: Date) {
  return store.reservations.hold(orderId, [{ bookId, copies: 1 }], expiresAt)
}

async function statesOf(): Promise<Record<string, string>> {
  const rows = await store.tables.selectFrom('reservations').select(['order_id', 'state']).execute()
  return Object.fromEntries(rows.map((row) => [row.order_id, row.state]))
}

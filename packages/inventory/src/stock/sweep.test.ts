import { createErrorLog, silentLog } from '@books/runtime/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { bookOf, engines, type OpenStore, save } from '../store.fixture.ts'
import { findProblems } from './check-stock.ts'
import { startSweep, sweep } from './sweep.ts'

const bookId = 1_000
const now = new Date('2026-11-28T12:00:00Z')
const before = new Date('2026-11-28T11:59:59Z')
const after = new Date('2026-11-28T12:00:01Z')

let store: OpenStore

describe.each(engines)('the sweep (%s)', (_, open) => {
  beforeAll(async () => {
    store = { ...(await open()), now: () => now }
  })
  afterAll(() => store.close())
  beforeEach(async () => {
    for (const table of ['reservations', 'stock_changes', 'books'] as const) {
      await store.tables.deleteFrom(table).execute()
    }
    await save(store.tables, { ...bookOf(bookId), stock: 1_000 }, { ...bookOf(1_001), stock: 1 })
  })

  it('makes the copies of expired reservations free, and leaves the others', async () => {
    await hold('expired', before)
    await hold('current', after)
    await hold('sold', before)
    await store.reservations.commit('sold')

    await sweep({ ...store, log: silentLog, everyMs: 1 })

    expect(await statesOf()).toEqual({ current: 'held', expired: 'released', sold: 'committed' })
    expect(await store.stock.list([bookId])).toEqual([{ bookId, free: 998, held: 1, sold: 1 }])
    expect(await findProblems(store.tables)).toEqual([])
  })

  it('releases more than fit into one batch', async () => {
    for (let number = 0; number < 230; number++) await hold(`order ${number}`, before)

    await sweep({ ...store, log: silentLog, everyMs: 1 })

    expect(await store.stock.list([bookId])).toEqual([{ bookId, free: 1_000, held: 0, sold: 0 }])
    expect(await findProblems(store.tables)).toEqual([])
  })

  it('shows the copies that are free where a process ended before it had', async () => {
    await store.reservations.hold('one', [{ bookId: 1_001, copies: 1 }], after)
    const [shownBefore] = await store.books.listByIds([1_001])
    const revision = await store.books.newestRevision()

    await sweep({ ...store, log: silentLog, everyMs: 1 })

    const changed = await store.books.listChanged(revision, 10)
    expect(shownBefore?.copiesShown).toBe(1)
    expect(changed.map(({ id, copiesShown }) => [id, copiesShown])).toEqual([[1_001, 0]])
  })

  it('gives stock to books that were added by a version without it', async () => {
    await store.tables.deleteFrom('stock').where('book_id', '=', 1_001).execute()
    await store.tables.deleteFrom('stock_changes').where('book_id', '=', 1_001).execute()

    await sweep({ ...store, log: silentLog, everyMs: 1 })

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

import { findPostgres } from '@books/runtime/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Kysely, sql } from 'kysely'
import { bookOf, emptyStore, engines, type OpenStore, save } from '../store.fixture.ts'
import type { Tables } from '../tables.ts'
import { findProblems } from './check-stock.ts'
import type { FreeChange } from './move-copies.ts'
import { createReservationStore, type ReservationStore } from './reservation-store.ts'

const bookId = 1_000
const tomorrow = new Date(Date.now() + 24 * 60 * 60_000)
const books = [0, 1, 2].map((index) => ({ ...bookOf(bookId + index), stock: 20 }))
const linesOfAll = books.map(({ id }) => ({ bookId: id, copies: 1 })).toReversed()
const twoCopies = [{ bookId, copies: 2 }]

// The embedded database has one connection, so no statement waits for another one there.
;(findPostgres() ? describe : describe.skip)('a change of stock beside another transaction', () => {
  let store: OpenStore
  beforeAll(async () => {
    const open = engines.find(([name]) => name === 'server')?.[1]
    if (!open) throw new Error('this machine has no PostgreSQL')
    store = await open()
  })
  afterAll(() => store.close())

  it.each<[string, Change, Change]>([
    [
      'released',
      (reservations) => reservations.release('one'),
      (reservations) => reservations.hold('one', twoCopies, tomorrow),
    ],
    [
      'reserved again',
      (reservations) => reservations.hold('one', twoCopies, tomorrow),
      (reservations) => reservations.hold('one', twoCopies, tomorrow),
    ],
    [
      'the last that is sold',
      (reservations) => reservations.commit('two'),
      (reservations) => reservations.release('one'),
    ],
  ])('changes an order that is %s with the copies that it has after that', async (what, change, other) => {
    await emptyStore(store)
    await save(store.tables, { ...bookOf(bookId), stock: 4 })
    if (what === 'the last that is sold') {
      await store.reservations.hold('one', twoCopies, tomorrow)
      await store.reservations.hold('two', twoCopies, tomorrow)
    }

    const waiting = await store.tables.transaction().execute(async (transaction) => {
      await other(createReservationStore(transaction))
      const changing = change(store.reservations)
      await Promise.race([changing, until(() => isAnyStatementWaiting(transaction))])
      return { changing }
    })
    await waiting.changing

    expect(await findProblems(store.tables)).toEqual([])
  })

  it.each<[string, (store: OpenStore) => Promise<unknown>]>([
    ['reserves', ({ reservations }) => reservations.hold('new', linesOfAll, tomorrow)],
    ['sells', ({ reservations }) => reservations.commit('one')],
    ['releases', ({ reservations }) => reservations.release('one')],
    ['expires', ({ reservations }) => reservations.expire(new Date(tomorrow.getTime() + 1), 10)],
    ['imports', ({ tables }) => save(tables, ...books.toReversed())],
  ])('locks its books in the order of ids, so that none waits in a circle, where it %s them', async (_what, change) => {
    await emptyStore(store)
    await save(store.tables, ...books)
    await store.reservations.hold('one', linesOfAll, tomorrow)

    const waiting = await store.tables.transaction().execute(async (transaction) => {
      await sql`select from inventory.stock where book_id = ${bookId} for update`.execute(transaction)
      const changing = change(store)
      await until(() => isAnyStatementWaiting(transaction))
      // Fails where one of them is locked.
      await sql`select from inventory.stock where book_id > ${bookId} for update nowait`.execute(transaction)
      return { changing }
    })
    await waiting.changing

    expect(await findProblems(store.tables)).toEqual([])
  })
})

type Change = (reservations: ReservationStore) => Promise<FreeChange[]>

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) continue
}

async function isAnyStatementWaiting(tables: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql`select pid from pg_locks where not granted`.execute(tables)
  return rows.length > 0
}

import { Availability, type Book, Category } from '@books/proto'
import { alreadyExists, failedPrecondition, notFound } from '@books/rpc'
import { createFaults, type Faults } from './faults.fixture.ts'
import type { StartOrdersDeps } from './start-orders.ts'

type Inventory = StartOrdersDeps['inventory']
type Operation = 'getBooks' | 'reserveStock' | 'commitReservation' | 'releaseReservation' | 'adjustStock'

/** Stock in memory, as the contract of inventory promises it. */
export interface TestInventory extends Inventory {
  put(book: Partial<Book> & { id: number }, copies: number): void
  stockOf(bookId: number): { free: number; held: number; sold: number }
  fail: Faults<Operation>['fail']
  /** Every call, as `operation order_id`. */
  readonly calls: readonly string[]
}

const domain = 'books.inventory'
const refusal = (reason: string, metadata: Record<string, string> = {}) =>
  failedPrecondition(reason, { errorInfo: { reason, domain, metadata } })

/** Creates an inventory without books. */
export function createTestInventory(): TestInventory {
  const books = new Map<number, Book>()
  const stock = new Map<number, { free: number; held: number; sold: number }>()
  const reservations = new Map<string, { state: 'held' | 'committed' | 'released'; lines: Map<number, number> }>()
  const adjustments = new Map<string, string>()
  const { call: callOf, fail } = createFaults<Operation>()
  const calls: string[] = []
  const stockOf = (id: number) => stock.get(id) ?? { free: 0, held: 0, sold: 0 }

  function call<Result>(operation: Operation, what: string, work: () => Result, signal?: AbortSignal): Promise<Result> {
    calls.push(`${operation} ${what}`)
    return callOf(operation, signal, work)
  }

  function move(orderId: string, from: 'free' | 'held', to: 'free' | 'held' | 'sold'): void {
    for (const [id, copies] of reservations.get(orderId)?.lines ?? []) {
      const all = stockOf(id)
      stock.set(id, { ...all, [from]: all[from] - copies, [to]: all[to] + copies })
    }
  }

  return {
    calls,
    getBooks: ({ ids = [] }) =>
      call('getBooks', ids.join(','), () => ({
        books: ids.flatMap((id) => books.get(id) ?? []),
        unknownIds: ids.filter((id) => !books.has(id)),
      })),
    reserveStock: ({ orderId = '', lines = [] }, options) =>
      call(
        'reserveStock',
        orderId,
        () => {
          const known = reservations.get(orderId)
          if (known?.state === 'released') throw refusal('RESERVATION_RELEASED')
          if (known) return {}
          const lacking = lines
            .filter(({ bookId, copies }) => stockOf(bookId).free < copies)
            .map(({ bookId }) => bookId)
          if (lacking.length > 0) {
            const free = lacking.map((id) => [`free_${id}`, String(stockOf(id).free)])
            throw refusal('OUT_OF_STOCK', { book_ids: lacking.join(','), ...Object.fromEntries(free) })
          }
          const held = new Map(lines.map(({ bookId, copies }) => [bookId, copies]))
          reservations.set(orderId, { state: 'held', lines: held })
          move(orderId, 'free', 'held')
          return {}
        },
        options?.signal,
      ),
    commitReservation: ({ orderId = '' }, options) =>
      call(
        'commitReservation',
        orderId,
        () => {
          const known = reservations.get(orderId)
          if (!known) throw notFound('There is no such reservation')
          if (known.state === 'released') throw refusal('RESERVATION_RELEASED')
          if (known.state === 'held') move(orderId, 'held', 'sold')
          known.state = 'committed'
          return {}
        },
        options?.signal,
      ),
    releaseReservation: ({ orderId = '' }, options) =>
      call(
        'releaseReservation',
        orderId,
        () => {
          const known = reservations.get(orderId) ?? { state: 'released' as const, lines: new Map() }
          if (known.state === 'committed') throw refusal('RESERVATION_COMMITTED')
          if (known.state === 'held') move(orderId, 'held', 'free')
          reservations.set(orderId, { ...known, state: 'released' })
          return {}
        },
        options?.signal,
      ),
    adjustStock: ({ key = '', bookId = 0, delta = 0 }, options) =>
      call(
        'adjustStock',
        key,
        () => {
          const all = stockOf(bookId)
          const body = JSON.stringify([bookId, delta])
          if (adjustments.has(key) && adjustments.get(key) !== body) throw alreadyExists('Another change')
          if (!adjustments.has(key)) stock.set(bookId, { ...all, free: all.free + delta, sold: all.sold - delta })
          adjustments.set(key, body)
          return { stock: { bookId, ...stockOf(bookId) } }
        },
        options?.signal,
      ),
    put({ id, ...book }, copies) {
      const given = {
        title: `Book ${id}`,
        author: 'Ada Author',
        year: 1962,
        category: Category.CATEGORY_MYSTERY,
        ...book,
      }
      const price = {
        priceCents: 999,
        currency: 'EUR',
        availability: Availability.AVAILABILITY_IN_STOCK,
        copiesLeft: 0,
      }
      books.set(id, { ...price, ...given, id })
      stock.set(id, { free: copies, held: 0, sold: 0 })
    },
    stockOf,
    fail,
  }
}

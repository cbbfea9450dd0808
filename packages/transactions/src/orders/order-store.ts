import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import type { Order, OrderLine, WholeOrder } from './order.ts'
import { type OrderState, unpaidStates } from './order-state.ts'

/** Where a page of orders begins: after this one. */
export interface OrderCursor {
  placedAt: Date
  id: string
}

/** Finds orders. */
export interface OrderStore {
  find(id: string): Promise<WholeOrder | undefined>
  /** The same as `find`; no other transaction changes the order before this one ends. */
  lock(id: string): Promise<WholeOrder | undefined>
  findByKey(keyHash: Buffer): Promise<WholeOrder | undefined>
  listLines(id: string): Promise<OrderLine[]>
  /** A page of a reader's orders, the last placed first. */
  listOfReader(readerId: number, after: OrderCursor | undefined, limit: number): Promise<WholeOrder[]>
  /** Those of the books of which a reader bought a copy and has not given it back. */
  listBought(readerId: number, bookIds: readonly number[]): Promise<number[]>
  /** The states of orders, as far as a watcher sees them change. */
  listStates(ids: readonly string[]): Promise<{ id: string; state: OrderState; canPay: boolean }[]>
  /**
   * The promotions that a customer has used. An unpaid order of a cart does not count, as the next one of the cart replaces it: that
   * of this cart, or of any where none is named.
   */
  listUsedPromotions(customer: string, cartId?: string): Promise<string[]>
}

const lines = sql<OrderLine[]>`(
  select json_agg(json_build_object('bookId', book_id, 'title', title, 'author', author, 'copies', copies,
    'unitPriceCents', unit_price_cents, 'discountCents', discount_cents, 'refundedCopies', refunded_copies) order by position)
  from transactions.order_lines where order_id = orders.id)`.as('lines')

/** Reads orders from the service's own tables. */
export function createOrderStore(tables: Kysely<Tables>): OrderStore {
  const orders = () => tables.selectFrom('orders').selectAll('orders').select(lines)

  return {
    find: async (id) => wholeOf(await orders().where('id', '=', id).executeTakeFirst()),

    lock: async (id) => wholeOf(await orders().where('id', '=', id).forUpdate().executeTakeFirst()),

    findByKey: async (keyHash) => wholeOf(await orders().where('key_hash', '=', keyHash).executeTakeFirst()),

    async listLines(id) {
      const row = await tables.selectFrom('orders').select(lines).where('id', '=', id).executeTakeFirst()
      return row?.lines ?? []
    },

    async listOfReader(readerId, after, limit) {
      const page = orders().where('reader_id', '=', readerId).orderBy('placed_at', 'desc').orderBy('id', 'desc')
      const rest = after
        ? page.where(({ eb, refTuple, tuple }) => eb(refTuple('placed_at', 'id'), '<', tuple(after.placedAt, after.id)))
        : page
      const rows = await rest.limit(limit).execute()
      return rows.map((row) => wholeOf(row))
    },

    async listBought(readerId, bookIds) {
      const rows = await tables
        .selectFrom('orders')
        .innerJoin('order_lines', 'order_lines.order_id', 'orders.id')
        .select('book_id')
        .distinct()
        .where('reader_id', '=', readerId)
        .where('state', '=', 'confirmed')
        .where('book_id', '=', sql<number>`any(${bookIds}::integer[])`)
        .whereRef('refunded_copies', '<', 'order_lines.copies')
        .orderBy('book_id')
        .execute()
      return rows.map(({ book_id }) => book_id)
    },

    listStates: (ids) =>
      tables
        .selectFrom('orders')
        .select(['id', 'state', sql<boolean>`redirect_url is not null`.as('canPay')])
        .where('id', '=', sql<string>`any(${ids}::text[])`)
        .execute(),

    async listUsedPromotions(customer, cartId) {
      const rows = await tables
        .selectFrom('orders')
        .select('promotion')
        .distinct()
        .where('customer', '=', customer)
        .where('promotion', 'is not', null)
        .where('is_promotion_returned', '=', false)
        .where('state', '<>', 'cancelled')
        .where(({ or, eb }) =>
          or([eb('state', 'not in', unpaidStates), ...(cartId === undefined ? [] : [eb('cart_id', '<>', cartId)])]),
        )
        .$narrowType<{ promotion: string }>()
        .execute()
      return rows.map(({ promotion }) => promotion)
    },
  }
}

function wholeOf(row: Order & { lines: OrderLine[] | null }): WholeOrder
function wholeOf(row: (Order & { lines: OrderLine[] | null }) | undefined): WholeOrder | undefined
function wholeOf(row: (Order & { lines: OrderLine[] | null }) | undefined): WholeOrder | undefined {
  if (!row) return undefined
  const { lines, ...order } = row
  return { order, lines: lines ?? [] }
}

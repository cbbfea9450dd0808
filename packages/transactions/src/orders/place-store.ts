import { type Kysely, sql } from 'kysely'
import { soon } from '../steps/step-store.ts'
import type { StoredAddress, Tables } from '../tables.ts'
import type { FrozenLines } from './freeze-lines.ts'
import type { Order, WholeOrder } from './order.ts'
import { openStates, unpaidStates } from './order-state.ts'

/** An order to be placed. */
export interface NewOrder {
  id: string
  secret: string | null
  keyHash: Buffer
  requestHash: Buffer
  cartId: string
  readerId: number
  customer: string
  email: string
  name: string
  address: StoredAddress
  network: string | null
  returnUrl: string
  currency: string
  frozen: FrozenLines
  payUntil: Date
  /** The process that places it makes its first steps itself, and has this lease. */
  lease: string
  leaseMs: number
}

/** What a customer or a network has ordered and not paid. */
export interface Unpaid {
  orders: number
  copies: number
  /** When the first of them is cancelled. */
  firstPayUntil: Date | null
}

/** Places orders, in a transaction. */
export interface PlaceStore {
  /** Other orders of the cart, the customer and the network are placed before this transaction or after it. */
  lock(order: Pick<NewOrder, 'cartId' | 'customer' | 'network'>): Promise<void>
  findOpenOrderOf(cartId: string): Promise<Order | undefined>
  /** False where it was paid or cancelled meanwhile. */
  replace(id: string, now: Date): Promise<boolean>
  countUnpaid(column: 'customer' | 'network', value: string): Promise<Unpaid>
  /** A unique violation of `orders_key`, `orders_promotion` or `orders_open_cart` where another order has what this one needs. */
  add(order: NewOrder, replaces: string | null, now: Date): Promise<WholeOrder>
}

/** Places orders in the service's own tables. */
export function createPlaceStore(tables: Kysely<Tables>): PlaceStore {
  return {
    async lock({ cartId, customer, network }) {
      // In the same order everywhere, so that no two transactions wait for each other.
      await sql`
        select pg_advisory_xact_lock(hashtext('transactions.' || kind), hashtext(value))
        from (values (1, 'cart', ${cartId}::text), (2, 'customer', ${customer}), (3, 'network', ${network}))
          as locks(place, kind, value)
        where value is not null order by place`.execute(tables)
    },

    findOpenOrderOf: (cartId) =>
      tables
        .selectFrom('orders')
        .selectAll()
        .where('cart_id', '=', cartId)
        .where('state', 'in', openStates)
        .executeTakeFirst(),

    async replace(id, now) {
      const { numUpdatedRows } = await tables
        .updateTable('orders')
        .set({
          state: 'cancelled',
          cancel_reason: 'replaced',
          final_at: now,
          network: null,
          attempts: 0,
          next_step_time: soon,
        })
        .where('id', '=', id)
        .where('state', 'in', unpaidStates)
        .executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
    },

    async countUnpaid(column, value) {
      const row = await tables
        .selectFrom('orders')
        .select(({ fn }) => [
          fn.countAll<string | number>().as('orders'),
          fn.coalesce(fn.sum<string | number>('copies'), sql<number>`0`).as('copies'),
          fn.min('pay_until').as('firstPayUntil'),
        ])
        .where(column, '=', value)
        .where('state', 'in', unpaidStates)
        .executeTakeFirstOrThrow()
      return { ...row, orders: Number(row.orders), copies: Number(row.copies) }
    },

    async add(order, replaces, now) {
      const { frozen } = order
      const rows = frozen.lines.map((line, position) => ({ ...line, position }))
      const added = await tables
        .with('added', (db) =>
          db
            .insertInto('orders')
            .values(rowOf(order, replaces, now))
            .returningAll(),
        )
        .with('lines', (db) =>
          db
            .insertInto('order_lines')
            .columns([
              ...(['order_id', 'book_id', 'position', 'title', 'author'] as const),
              ...(['copies', 'unit_price_cents', 'discount_cents'] as const),
            ])
            .expression(
              sql`select ${order.id}::text, given.* from json_to_recordset(${JSON.stringify(rows)}::json) as given(
                "bookId" integer, position integer, title text, author text, copies integer,
                "unitPriceCents" bigint, "discountCents" bigint)`,
            ),
        )
        .selectFrom('added')
        .selectAll()
        .executeTakeFirstOrThrow()
      return { order: added, lines: frozen.lines }
    },
  }
}

function rowOf(order: NewOrder, replaces: string | null, now: Date) {
  const { frozen } = order
  return {
    ...{ id: order.id, secret: order.secret, key_hash: order.keyHash, request_hash: order.requestHash },
    ...{ cart_id: order.cartId, reader_id: order.readerId, customer: order.customer },
    ...{ email: order.email, name: order.name, address: JSON.stringify(order.address), network: order.network },
    ...{ return_url: order.returnUrl, currency: order.currency, copies: frozen.copies },
    ...{ subtotal_cents: frozen.subtotalCents, discount_cents: frozen.discountCents, total_cents: frozen.totalCents },
    ...{ promotion: frozen.promotion, state: 'placed' as const, replaces, placed_at: now, pay_until: order.payUntil },
    ...{ lease: order.lease, next_step_time: inMs(order.leaseMs) },
  }
}

function inMs(ms: number) {
  return sql<Date>`now() + make_interval(secs => ${ms / 1_000})`
}

import { type Kysely, type Selectable, sql } from 'kysely'
import type { Merged } from './change-lines.ts'
import type { Line } from './line.ts'
import type { StoredCart } from './price-cart.ts'
import type { Tables } from './tables.ts'

/** The carts, in the database. */
export interface CartStore {
  /** Reads a cart in one query. */
  find(id: string): Promise<StoredCart>
  /** Changes the lines of a cart, one change after the other. What `change` throws leaves it as it was. */
  change(id: string, now: Date, change: (lines: readonly Line[]) => Line[]): Promise<StoredCart>
  /** Moves the lines of a guest's cart into a reader's. */
  merge(
    ids: { guest: string; reader: string },
    now: Date,
    merge: (guest: readonly Line[], reader: readonly Line[]) => Merged,
  ): Promise<{ cart: StoredCart; leftOut: Line[] }>
  /** Removes guests' carts that were last changed before a time. */
  removeIdle(before: Date): Promise<void>
}

const cartsInStatement = 1_000

/** Keeps carts in the service's own tables. The row of a cart is locked by each transaction that changes its lines. */
export function createCartStore(tables: Kysely<Tables>): CartStore {
  return {
    async find(id) {
      const rows = await tables
        .selectFrom('carts')
        .leftJoin('lines', 'lines.cart_id', 'carts.id')
        .select(['changed_at', 'book_id', 'copies', 'title', 'author', 'added_price_cents', 'currency'])
        .where('carts.id', '=', id)
        .orderBy('position')
        .execute()
      return { id, changedAt: rows[0]?.changed_at, lines: rows.flatMap((row) => (isLine(row) ? [lineOf(row)] : [])) }
    },

    change: (id, now, change) =>
      tables.transaction().execute(async (transaction) => {
        await lock(transaction, id, now)
        const before = await listLines(transaction, id)
        const lines = change(before)
        await write(transaction, id, before, lines)
        return { id, changedAt: now, lines }
      }),

    merge: ({ guest, reader }, now, merge) =>
      tables.transaction().execute(async (transaction) => {
        await transaction.selectFrom('carts').select('id').where('id', '=', guest).forUpdate().execute()
        const given = await listLines(transaction, guest)
        if (given.length === 0) return { cart: await createCartStore(transaction).find(reader), leftOut: [] }
        await lock(transaction, reader, now)
        const before = await listLines(transaction, reader)
        const { lines, leftOut } = merge(given, before)
        await write(transaction, reader, before, lines)
        await transaction.deleteFrom('lines').where('cart_id', '=', guest).execute()
        await transaction
          .updateTable('carts')
          .set({ merged_into: reader, changed_at: now })
          .where('id', '=', guest)
          .execute()
        return { cart: { id: reader, changedAt: now, lines }, leftOut }
      }),

    async removeIdle(before) {
      for (let removed = cartsInStatement; removed === cartsInStatement; ) {
        const { rows } = await sql`
          delete from cart.carts where id in (
            select id from cart.carts where id not like 'reader:%' and changed_at < ${before}
            order by id limit ${cartsInStatement} for update skip locked
          ) returning id`.execute(tables)
        removed = rows.length
      }
    },
  }
}

async function lock(tables: Kysely<Tables>, id: string, now: Date): Promise<void> {
  await tables
    .insertInto('carts')
    .values({ id, changed_at: now })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ changed_at: now, merged_into: null }))
    .execute()
}

async function listLines(tables: Kysely<Tables>, id: string): Promise<Line[]> {
  const rows = await tables.selectFrom('lines').selectAll().where('cart_id', '=', id).orderBy('position').execute()
  return rows.map(lineOf)
}

async function write(
  tables: Kysely<Tables>,
  cartId: string,
  before: readonly Line[],
  lines: readonly Line[],
): Promise<void> {
  const removed = before.filter(({ bookId }) => !lines.some((line) => line.bookId === bookId))
  const changed = lines.filter((line) => !before.includes(line))
  if (removed.length > 0) {
    const ids = removed.map(({ bookId }) => bookId)
    await tables.deleteFrom('lines').where('cart_id', '=', cartId).where('book_id', 'in', ids).execute()
  }
  if (changed.length > 0) {
    await tables
      .insertInto('lines')
      .values(changed.map((line) => rowOf(cartId, line)))
      .onConflict((conflict) =>
        conflict.columns(['cart_id', 'book_id']).doUpdateSet(({ ref }) => ({ copies: ref('excluded.copies') })),
      )
      .execute()
  }
}

type LineRow = Omit<Selectable<Tables['lines']>, 'cart_id' | 'position'>

function isLine(row: { [Name in keyof LineRow]: LineRow[Name] | null }): row is LineRow {
  return row.book_id !== null
}

function lineOf({ book_id, copies, title, author, added_price_cents, currency }: LineRow): Line {
  return { bookId: book_id, copies, title, author, addedPriceCents: Number(added_price_cents), currency }
}

function rowOf(cartId: string, { bookId, copies, title, author, addedPriceCents, currency }: Line) {
  return { cart_id: cartId, book_id: bookId, copies, title, author, added_price_cents: addedPriceCents, currency }
}

import { cart } from '@books/cart'
import type { CartLineRow } from '../checker/tables.ts'
import type { Snapshot } from '../processes/store-database.ts'

interface CartTables {
  lines: { cart_id: string; book_id: number; copies: number }
}

/** Reads the lines of all carts. */
export function readCarts(snapshot: Snapshot): Promise<CartLineRow[]> {
  return snapshot.read<CartTables, CartLineRow[]>(cart, async (tables) => {
    const lines = await tables.selectFrom('lines').selectAll().execute()
    return lines.map(({ cart_id, book_id, copies }) => ({ cartId: cart_id, bookId: book_id, copies }))
  })
}

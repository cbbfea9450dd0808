import { inventory } from '@books/inventory'
import type { ReservationRow, StockRow } from '../checker/tables.ts'
import type { Line } from '../history/history.ts'
import type { Snapshot } from '../processes/store-database.ts'

interface InventoryTables {
  stock: { book_id: number; free: number; held: number; sold: number }
  reservations: { order_id: string; state: ReservationRow['state']; book_ids: number[]; copies: number[] }
  adjustments: { key: string; book_id: number; delta: number; reason: string }
}

/** Copies that came back, by the order that had bought them. */
export type Returned = ReadonlyMap<string, readonly Line[]>

// The keys under which transactions returns copies begin with the order's id.
const orderOfKey = /^([0-9A-Z]{5}-[0-9A-Z]{5}):/

/** Reads the stock, the reservations, and what came back. */
export function readStock(
  snapshot: Snapshot,
): Promise<{ stock: StockRow[]; reservations: ReservationRow[]; returned: Returned }> {
  return snapshot.read<InventoryTables, Awaited<ReturnType<typeof readStock>>>(inventory, async (tables) => {
    const stock = await tables.selectFrom('stock').selectAll().execute()
    const reservations = await tables.selectFrom('reservations').selectAll().execute()
    const adjustments = await tables.selectFrom('adjustments').selectAll().execute()
    const returned = adjustments.flatMap(({ key, book_id, delta }) => {
      const orderId = orderOfKey.exec(key)?.[1]
      return orderId ? [{ orderId, bookId: book_id, copies: delta }] : []
    })
    return {
      stock: stock.map(({ book_id, free, held, sold }) => ({ bookId: book_id, free, held, sold })),
      reservations: reservations.map(({ order_id, state, book_ids, copies }) => ({
        ...{ orderId: order_id, state },
        lines: book_ids.map((bookId, place) => ({ bookId, copies: copies[place] ?? 0 })),
      })),
      returned: Map.groupBy(returned, ({ orderId }) => orderId),
    }
  })
}

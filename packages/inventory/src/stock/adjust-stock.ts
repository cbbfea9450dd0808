import { alreadyExists, invalidArgument, notFound } from '@books/rpc'
import { type Adjustment, isSameAdjustment } from './adjustment.ts'
import type { FreeChange } from './move-copies.ts'
import { notEnoughCopies } from './stock-errors.ts'
import { mostFree, type Stock, type StockStore } from './stock-store.ts'

/** Changes the copies of a book once. The same change under the same key is answered as it was, without changes. */
export async function adjustStock(
  store: StockStore,
  key: string,
  adjustment: Adjustment,
): Promise<{ after: Stock; changes: FreeChange[] }> {
  const { bookId, delta, reason } = adjustment
  for (;;) {
    const after = await store.adjust(key, adjustment)
    if (after) return { after, changes: [{ bookId, before: after.free - delta, after: after.free }] }

    const made = await store.findAdjustment(key)
    if (made && !isSameAdjustment(made, adjustment)) throw alreadyExists('Another change was made under this key')
    if (made) return { after: made.stock, changes: [] }
    const [stock] = await store.list([bookId])
    if (!stock) throw notFound('No book has this id')
    if (stock.free + delta > mostFree) throw invalidArgument('delta', `would make more than ${mostFree} copies free`)
    if (stock.free + delta < 0 || (reason === 'returned' && stock.sold < delta)) throw notEnoughCopies()
    // Another change came in between.
  }
}

import { StockReason } from '@books/proto'
import type { Shelves } from './customers/checkout-plan.ts'
import type { Random } from './customers/random.ts'
import { type Shop, untilKnown } from './customers/shop.ts'

const [plentyBooks, scarceBooks, unorderedBooks] = [40, 3, 4]
const firstScarceCopies = 2

/**
 * Fills the shelves for a run: so many copies of most books that none is out of stock, and few of some. Resolves to the books, and a
 * function that brings a few copies of a scarce one.
 */
export async function stockShelves(shop: Shop, random: Random, copies: number) {
  const { books } = await untilKnown(() => shop.inventory.listBooks({ pageSize: 500 }))
  const { stock } = await untilKnown(() => shop.inventory.getStock({ bookIds: books.map(({ id }) => id) }))
  for (const { bookId, free, held, sold } of stock) shop.history.supplies.push({ bookId, copies: free + held + sold })

  let deliveries = 0
  async function adjust(bookId: number, delta: number): Promise<void> {
    if (delta === 0) return
    const reason = delta > 0 ? StockReason.STOCK_REASON_RECEIVED : StockReason.STOCK_REASON_CORRECTED
    const request = { key: `delivery ${++deliveries}`, bookId, delta, reason }
    await untilKnown(() => shop.inventory.adjustStock(request))
    shop.history.supplies.push({ bookId, copies: delta })
  }

  shop.currency = books[0]!.currency
  const ids = books.filter(({ currency }) => currency === shop.currency).map(({ id }) => id)
  const shelves: Shelves = {
    plenty: ids.slice(0, plentyBooks),
    scarce: ids.slice(plentyBooks, plentyBooks + scarceBooks),
    unordered: ids.slice(plentyBooks + scarceBooks, plentyBooks + scarceBooks + unorderedBooks),
  }
  const ordered = [...shelves.plenty, ...shelves.scarce, ...shelves.unordered]
  for (const { id, priceCents } of books.filter((book) => ordered.includes(book.id))) shop.prices.set(id, priceCents)
  const freeOf = new Map(stock.map(({ bookId, free }) => [bookId, free]))
  for (const bookId of shelves.plenty) await adjust(bookId, copies)
  for (const bookId of shelves.scarce) await adjust(bookId, firstScarceCopies - (freeOf.get(bookId) ?? 0))
  for (const bookId of shelves.unordered) await adjust(bookId, 50)
  return { shelves, deliverScarce: () => adjust(random.of(shelves.scarce), random.between(1, 2)) }
}

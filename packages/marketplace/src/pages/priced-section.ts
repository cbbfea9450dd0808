import type { Backends } from '../backends/backends.ts'
import { bookCard } from './cards.ts'
import type { ShelfSection } from './shelf-section.ts'

/**
 * A section with what the inventory knows of its books: price and stock. `since` is when the page began to wait, by `performance.now`;
 * the books of several sections at once are one call.
 */
export async function pricedSection(
  { inventory }: Pick<Backends, 'inventory'>,
  section: ShelfSection,
  since: number,
): Promise<ShelfSection> {
  const answers = await Promise.all(section.cards.map(({ id }) => inventory.findBook(id, { isSecondary: true, since })))
  const cards = section.cards.map((card, index) => {
    const book = answers[index]?.value?.book
    if (!book) return card
    const { price, stock, addAction } = bookCard(book)
    return { ...card, price, stock, addAction }
  })
  return { ...section, cards, fallback: section.fallback ?? answers.find(({ fallback }) => fallback)?.fallback }
}

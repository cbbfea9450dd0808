import type { Backends } from '../backends/backends.ts'
import { bookCard, type Card } from './cards.ts'
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
    return book ? pricedCard(card, bookCard(book)) : card
  })
  return { ...section, cards, fallback: section.fallback ?? answers.find(({ fallback }) => fallback)?.fallback }
}

const pricedCards = new WeakMap<Card, { inventoryCard: Card; priced: Card }>()

/** The card with price and stock of the other one: the same object for the same two, so that it is rendered once. */
function pricedCard(card: Card, inventoryCard: Card): Card {
  const known = pricedCards.get(card)
  if (known?.inventoryCard === inventoryCard) return known.priced
  const { price, stock, addAction } = inventoryCard
  const priced = { ...card, price, stock, addAction }
  pricedCards.set(card, { inventoryCard, priced })
  return priced
}

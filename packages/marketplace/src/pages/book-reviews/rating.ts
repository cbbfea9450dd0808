import type { BookRating } from '@books/proto'
import type { FoundRatings } from '../../backends/ratings.ts'
import type { Card } from '../cards.ts'
import type { ShelfSection } from '../shelf-section.ts'

/** How readers rate a book, as templates take it. */
export interface Rating {
  /** With one digit after the point. */
  mean: string
  /** Rounded to whole stars. */
  stars: number
  /** Such as `12`, with separators of thousands. */
  count: string
  /** For screen readers. */
  text: string
}

/** How readers rate a book; undefined where none did, and where the numbers make no sense. */
export function ratingOf(rating: BookRating | undefined): Rating | undefined {
  if (!rating || !isRated(rating)) return undefined
  const mean = rating.mean.toFixed(1)
  const count = formatCount(rating.count)
  const ratings = rating.count === 1 ? 'one rating' : `${count} ratings`
  const readers = rating.count === 1 ? 'one reader' : `${count} readers`
  const by = rating.hasSamples ? `in ${ratings}, samples included` : `by ${readers}`
  return { mean, stars: Math.round(rating.mean), count, text: `Rated ${mean} of 5 stars ${by}` }
}

/** Whether readers rated a book, with numbers that make sense. */
export function isRated({ mean, count }: BookRating): boolean {
  return count > 0 && mean >= 1 && mean <= 5
}

/** Adds how readers rate the book of each card. */
export function ratedCards<Some extends Card>(cards: readonly Some[], { ratings }: FoundRatings): Some[] {
  return cards.map((card) => ratedCard(card, ratings.get(card.id)))
}

/** Adds how readers rate its book to a card; it is the same card for as long as both are unchanged. */
export function ratedCard<Some extends Card>(card: Some, rating: BookRating | undefined): Some {
  if (!rating || !isRated(rating)) return card
  const known = rated.get(card)
  if (known?.mean === rating.mean && known.count === rating.count) return known.card as Some
  const made = { ...card, rating: ratingOf(rating) }
  rated.set(card, { mean: rating.mean, count: rating.count, card: made })
  return made
}

const rated = new WeakMap<Card, { mean: number; count: number; card: Card }>()

/** Adds it to a section, which is the same object as long as nothing in it changes, so that it is rendered once. */
export function ratedSection(section: ShelfSection, found: FoundRatings): ShelfSection {
  const cards = ratedCards(section.cards, found)
  const known = ratedSections.get(section)
  const isSame = known?.cards.every((card, index) => card === cards[index])
  if (known && isSame && known.ratingsFallback === found.fallback) return known
  const made = { ...section, cards, ratingsFallback: found.fallback }
  ratedSections.set(section, made)
  return made
}

const ratedSections = new WeakMap<ShelfSection, ShelfSection>()

/** Such as 1,234. */
export function formatCount(count: number): string {
  return countFormat.format(count)
}

const countFormat = new Intl.NumberFormat('en')

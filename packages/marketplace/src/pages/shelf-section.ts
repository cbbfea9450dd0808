import type { Card } from './cards.ts'

/** A row of books under a heading, as `partials/shelf.hbs` takes it. */
export interface ShelfSection {
  /** Unique on its page. */
  id: string
  heading: string
  /** A sentence beside the heading. */
  note?: string | undefined
  /** Where the heading links to. */
  href?: string | undefined
  cards: readonly Card[]
  /** Why a card is there, by its id: apart from the cards, which are the same for every visitor. */
  reasons?: Readonly<Record<number, string>>
  /** The backend that did not answer, where the books are cached or missing for that reason. */
  fallback: string | undefined
  /** The same for the ratings of its books. */
  ratingsFallback?: string | undefined
  /** Shown where there are no books. */
  notice: string | undefined
}

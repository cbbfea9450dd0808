import type { Answer } from '../backends/backend.ts'
import type { Card } from './cards.ts'

/** A row of books under a heading, as `partials/shelf.hbs` takes it. */
export interface ShelfSection {
  /** Unique on its page. */
  id: string
  heading: string
  /** A sentence beside the heading. */
  note?: string | undefined
  /** Where the heading leads. */
  href?: string | undefined
  cards: readonly Card[]
  /** The service that did not answer, where the shop falls back on what it remembers, or on nothing. */
  fallback: string | undefined
  /** Said in place of books where there are none. */
  notice: string | undefined
}

/** Marks what a page shows in place of an answer, by the name of the service that did not give it. */
export function fallbackOf({ isFallback }: Answer<unknown>, dependency: string): string | undefined {
  return isFallback ? dependency : undefined
}

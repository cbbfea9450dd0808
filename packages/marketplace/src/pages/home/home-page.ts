import type { Card } from '../cards.ts'
import type { Page } from '../pages.ts'
import { paths } from '../paths.ts'
import type { ShelfSection } from '../shelf-section.ts'
import type { Banner } from './banner.ts'
import type { JournalSection } from './journal-section.ts'

/** The front page, as its template takes it. */
export interface HomePage extends Page {
  /** Undefined for a reader who has used the promotion. */
  banner: Banner | undefined
  picks: ShelfSection
  sections: readonly ShelfSection[]
  /** Undefined while there are no articles. */
  journal: JournalSection | undefined
}

/** What the front page shows. */
export interface HomeContent {
  banner: Banner | undefined
  picks: ShelfSection
  forYou: ShelfSection | undefined
  trending: ShelfSection
  window: readonly ShelfSection[]
  journal: JournalSection | undefined
}

const shown = 6

/** Makes the front page. No book is on it twice, except on the shelves of the window. */
export function homePage({ banner, picks, forYou, trending, window, journal }: HomeContent): HomePage {
  const seen = new Set(picks.cards.map(({ id }) => id))
  const sections = [forYou, trending].flatMap((section) => (section ? [unseen(section, seen)] : []))
  return {
    title: 'Online Books For You',
    path: paths.home,
    banner,
    picks,
    sections: [...sections, ...window].filter(({ cards, notice }) => cards.length > 0 || notice !== undefined),
    journal,
  }
}

function unseen(section: ShelfSection, seen: Set<number>): ShelfSection {
  const cards: Card[] = section.cards.filter(({ id }) => !seen.has(id)).slice(0, shown)
  for (const { id } of cards) seen.add(id)
  return { ...section, cards }
}

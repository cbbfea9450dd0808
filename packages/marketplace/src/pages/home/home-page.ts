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
  /** The shelves of the day. */
  window: readonly ShelfSection[]
  /** Undefined while there are no articles. */
  journal: JournalSection | undefined
}

type HomeContent = Pick<HomePage, 'banner' | 'picks' | 'sections' | 'window' | 'journal'>

const shown = 6

/** Makes the front page. */
export function homePage({ banner, picks, sections, window, journal }: HomeContent): HomePage {
  return {
    title: 'Online Books For You',
    path: paths.home,
    banner,
    picks,
    sections: sections.filter(hasContent),
    window: window.filter(hasContent),
    journal,
  }
}

/** The first six books of each section that no earlier one has. */
export function withoutRepeats(picks: ShelfSection, sections: readonly (ShelfSection | undefined)[]): ShelfSection[] {
  const seen = new Set(picks.cards.map(({ id }) => id))
  return sections.flatMap((section) => (section ? [unseen(section, seen)] : []))
}

function hasContent({ cards, notice }: ShelfSection): boolean {
  return cards.length > 0 || notice !== undefined
}

function unseen(section: ShelfSection, seen: Set<number>): ShelfSection {
  const cards: Card[] = section.cards.filter(({ id }) => !seen.has(id)).slice(0, shown)
  for (const { id } of cards) seen.add(id)
  return { ...section, cards }
}

import { BookSort } from '@books/proto'
import type { FastifyInstance } from 'fastify'
import { orNone } from '../../backends/backend.ts'
import type { Sources } from '../../backends/backends.ts'
import { readTaste } from '../../preferences/preferences-cookie.ts'
import { bookCard, recommendedCard } from '../cards.ts'
import { categoryOf, type Shelf } from '../categories.ts'
import { paths } from '../paths.ts'
import { fallbackOf, type ShelfSection } from '../shelf-section.ts'
import { homePage } from './home-page.ts'
import { findJournalSection } from './journal-section.ts'
import { findRecommended } from './recommended-sections.ts'
import { shelvesOfTheDay } from './shelves-of-the-day.ts'

/** What the front page needs. */
export interface HomeDeps {
  sources: Sources
  now: () => Date
}

// More than are shown: a book that stands further up is left out.
const asked = 12

/** The front page. Opens whatever happens behind it. */
export function homeRoutes({ sources, now }: HomeDeps) {
  return async (app: FastifyInstance) => {
    app.get(paths.home, async (request, reply) => {
      const taste = readTaste(request)
      const [{ picks, forYou }, trending, journal, ...window] = await Promise.all([
        findRecommended(sources, taste),
        findTrending(sources),
        findJournalSection(sources.articles),
        ...shelvesOfTheDay(now()).map((shelf) => findShelfSection(sources, shelf)),
      ])
      return reply.viewAsync('home.hbs', homePage({ picks, forYou, trending, window, journal }))
    })
  }
}

async function findTrending({ recommendations }: Sources): Promise<ShelfSection> {
  const answer = await orNone(recommendations.recommend({ allCategories: true, maxResults: asked }))
  return {
    id: 'trending',
    heading: 'Trending',
    note: 'What other readers keep coming back for.',
    cards: (answer.value?.recommendations ?? []).map(recommendedCard),
    fallback: fallbackOf(answer, 'recommendations'),
    // The picks say already that recommendations cannot be reached.
    notice: undefined,
  }
}

async function findShelfSection({ inventory }: Sources, shelf: Shelf): Promise<ShelfSection> {
  const answer = await orNone(
    inventory.listBooks({ category: categoryOf(shelf), sort: BookSort.BOOK_SORT_NEWEST, pageSize: 6 }),
  )
  return {
    id: shelf.slug,
    heading: shelf.name,
    note: shelf.motto,
    href: paths.category(shelf.slug),
    cards: (answer.value?.books ?? []).map(bookCard),
    fallback: fallbackOf(answer, 'inventory'),
    notice: answer.value ? undefined : 'This shelf is out of sight just now.',
  }
}

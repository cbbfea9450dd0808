import { BookSort } from '@books/proto'
import type { FastifyInstance } from 'fastify'
import type { Backends } from '../../backends/backends.ts'
import { readPreferences } from '../../preferences/preferences-cookie.ts'
import { visitorOf } from '../../sessions/visitors.ts'
import { bookCard, recommendedCard } from '../cards.ts'
import { categoryOf, type Shelf } from '../categories.ts'
import { paths, routes } from '../paths.ts'
import { pricedSection } from '../priced-section.ts'
import type { ShelfSection } from '../shelf-section.ts'
import { showPage } from '../show-page.ts'
import { findBanner } from './banner.ts'
import { homePage } from './home-page.ts'
import { findJournalSection } from './journal-section.ts'
import { findRecommended } from './recommended-sections.ts'
import { shelvesOfTheDay } from './shelves-of-the-day.ts'

/** What the front page is made from. */
export interface HomeDeps {
  backends: Backends
  now: () => Date
}

// More than are shown: a book that an earlier section shows is left out.
const requested = 12

/** The front page. It opens without any backend. */
export function homeRoutes({ backends, now }: HomeDeps) {
  return async (app: FastifyInstance) => {
    app.get(routes.home, async (request, reply) => {
      const since = performance.now()
      const preferences = readPreferences(request)
      const [banner, recommended, popular, journal, ...window] = await Promise.all([
        findBanner(backends, visitorOf(request, reply)),
        findRecommended(backends, preferences, visitorOf(request, reply)),
        findTrending(backends),
        findJournalSection(backends),
        ...shelvesOfTheDay(now()).map((shelf) => findShelfSection(backends, shelf)),
      ])
      const priced = (section: ShelfSection) => pricedSection(backends, section, since)
      const { forYou: chosen } = recommended
      const [picks, forYou, trending] = await Promise.all([
        priced(recommended.picks),
        chosen && priced(chosen),
        priced(popular),
      ])
      return showPage(request, reply, 'home.hbs', homePage({ banner, picks, forYou, trending, window, journal }))
    })
  }
}

async function findTrending({ recommendations }: Backends): Promise<ShelfSection> {
  const request = { allCategories: true, maxResults: requested }
  const { value, fallback } = await recommendations.recommend(request, { isOptional: true })
  return {
    id: 'trending',
    heading: 'Trending',
    note: 'What other readers keep coming back for.',
    cards: (value?.recommendations ?? []).map(recommendedCard),
    fallback,
    // The picks show the notice that recommendations cannot be reached.
    notice: undefined,
  }
}

async function findShelfSection({ inventory }: Backends, shelf: Shelf): Promise<ShelfSection> {
  const request = { category: categoryOf(shelf), sort: BookSort.BOOK_SORT_NEWEST, pageSize: 6 }
  const { value, fallback } = await inventory.listBooks(request, { isOptional: true })
  return {
    id: shelf.slug,
    heading: shelf.name,
    note: shelf.motto,
    href: paths.category(shelf.slug),
    cards: (value?.books ?? []).map(bookCard),
    fallback,
    notice: value ? undefined : 'This shelf is out of sight just now.',
  }
}

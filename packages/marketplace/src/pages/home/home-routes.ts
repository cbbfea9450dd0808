import { BookSort, type ListBooksResponse } from '@books/proto'
import type { FastifyInstance } from 'fastify'
import type { Backends } from '../../backends/backends.ts'
import { readPreferences } from '../../preferences/preferences-cookie.ts'
import { visitorOf } from '../../sessions/visitors.ts'
import { ratedSection } from '../book-reviews/rating.ts'
import { bookCard, recommendedCard } from '../cards.ts'
import { categoryOf, type Shelf } from '../categories.ts'
import { memoizeObject } from '../memoize.ts'
import { paths, routes } from '../paths.ts'
import { pricedSection } from '../priced-section.ts'
import type { ShelfSection } from '../shelf-section.ts'
import { showPage } from '../show-page.ts'
import { findBanner } from './banner.ts'
import { homePage, withoutRepeats } from './home-page.ts'
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
    app.get(routes.home, { config: { isShared: true } }, async (request, reply) => {
      const since = performance.now()
      const preferences = readPreferences(request)
      const [banner, { picks, forYou }, trending, journal, ...window] = await Promise.all([
        findBanner(backends, visitorOf(request, reply)),
        findRecommended(backends, preferences, visitorOf(request, reply)),
        findTrending(backends),
        findJournalSection(backends),
        ...shelvesOfTheDay(now()).map((shelf) => findShelfSection(backends, shelf)),
      ])
      const priced = (section: ShelfSection) => pricedSection(backends, section, since)
      const chosen = withoutRepeats(picks, [forYou, trending])
      const ids = [picks, ...chosen, ...window].flatMap(({ cards }) => cards.map(({ id }) => id))
      const [ratings, ...sections] = await Promise.all([
        backends.ratings.find(ids, since),
        ...[picks, ...chosen].map(priced),
      ])
      const [ratedPicks = picks, ...ratedSections] = sections.map((section) => ratedSection(section, ratings))
      const page = homePage({
        ...{ banner, journal, picks: ratedPicks, sections: ratedSections },
        window: window.map((section) => ratedSection(section, ratings)),
      })
      return showPage(request, reply, 'home.hbs', page)
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
  if (!value) return { ...emptySection(shelf), fallback, notice: 'This shelf is out of sight just now.' }
  const section = shelfSection(value, shelf)
  return fallback === undefined ? section : { ...section, fallback }
}

// The same object for the same answer, so that it is rendered once.
const shelfSection = memoizeObject(
  ({ books }: ListBooksResponse, shelf: Shelf): ShelfSection => ({
    ...emptySection(shelf),
    cards: books.map(bookCard),
  }),
)

function emptySection({ slug, name, motto }: Shelf): ShelfSection {
  const links = { id: slug, heading: name, note: motto, href: paths.category(slug) }
  return { ...links, cards: [], fallback: undefined, notice: undefined }
}

import { BookCategory, BookSort } from '@books/proto'
import type { FastifyInstance } from 'fastify'
import { bookCard, recommendedCard } from '../cards.ts'
import { categoryOf, type Shelf } from '../categories.ts'
import { paths } from '../paths.ts'
import { orNone } from '../sources/source.ts'
import type { Sources } from '../sources/sources.ts'
import { booksOf, type Taste } from '../taste/taste.ts'
import { readTaste } from '../taste/taste-cookie.ts'
import { homePage } from './home-page.ts'
import { findJournalSection } from './journal-section.ts'
import { fallbackOf, type ShelfSection } from './shelf-section.ts'
import { shelvesOfTheDay } from './shelves-of-the-day.ts'

/** What the front page needs. */
export interface HomeDeps {
  sources: Sources
  now: () => Date
}

// Whoever has said nothing yet is shown what the first of the regulars may like.
const regular = 1
// More than are shown: a book that stands further up is left out.
const asked = 12

/** The front page. Opens whatever happens behind it. */
export function homeRoutes({ sources, now }: HomeDeps) {
  return async (app: FastifyInstance) => {
    app.get(paths.home, async (request, reply) => {
      const taste = readTaste(request)
      const [picks, forYou, trending, journal, ...window] = await Promise.all([
        findPicks(sources, taste),
        taste.length > 0 ? findForYou(sources, taste) : undefined,
        findTrending(sources),
        findJournalSection(sources.articles),
        ...shelvesOfTheDay(now()).map((shelf) => findShelfSection(sources, shelf)),
      ])
      return reply.viewAsync('home.hbs', homePage({ picks, forYou, trending, window, journal }))
    })
  }
}

async function findPicks({ recommendations }: Sources, taste: Taste): Promise<ShelfSection> {
  const answer = await orNone(
    recommendations.recommend({
      ...(taste.length > 0 ? tasteFields(taste) : { userId: regular }),
      category: BookCategory.MYSTERY,
      maxResults: 3,
    }),
  )
  const cards = (answer.value?.recommendations ?? []).map(recommendedCard)
  return {
    id: 'picks',
    heading: 'Mystery books you may like',
    note:
      taste.length > 0
        ? 'Chosen by what you told us.'
        : 'Chosen for the first of our regulars, until you tell us what you like.',
    href: paths.category('mystery'),
    cards,
    fallback: fallbackOf(answer, 'recommendations'),
    notice: noticeOf(answer.value && cards.length, 'The mystery shelf is empty just now.'),
  }
}

async function findForYou({ recommendations, inventory }: Sources, taste: Taste): Promise<ShelfSection> {
  const liked = booksOf(taste, 'liked')
  // A reason is a book that was liked. All are asked for at once, as nobody waits for one service after the other.
  const [answer, reasons] = await Promise.all([
    orNone(recommendations.recommend({ ...tasteFields(taste), allCategories: true, maxResults: asked })),
    Promise.all(liked.map(inventory.findBook)),
  ])
  const titles = new Map(reasons.map(({ value }, index) => [liked[index], value?.book?.title]))
  const cards = (answer.value?.recommendations ?? []).map((book) => {
    const title = titles.get(book.becauseOfId)
    return { ...recommendedCard(book), reason: title === undefined ? undefined : `Because you liked ${title}` }
  })
  return {
    id: 'for-you',
    heading: 'Picked for you',
    href: paths.taste,
    cards,
    fallback:
      fallbackOf(answer, 'recommendations') ?? (reasons.some(({ isFallback }) => isFallback) ? 'inventory' : undefined),
    notice: noticeOf(answer.value && cards.length, 'Tell us of a few more books, and this shelf will fill.'),
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

function tasteFields(taste: Taste) {
  return { userId: 0, likedIds: booksOf(taste, 'liked'), dislikedIds: booksOf(taste, 'disliked') }
}

function noticeOf(count: number | undefined, empty: string): string | undefined {
  if (count === undefined) return 'We cannot reach our recommendations just now. Please look in again in a moment.'
  return count === 0 ? empty : undefined
}

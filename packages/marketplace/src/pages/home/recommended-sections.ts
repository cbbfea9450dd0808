import { BookCategory, type RecommendationResponse } from '@books/proto'
import { type Answer, orNone } from '../../backends/backend.ts'
import type { Sources } from '../../backends/backends.ts'
import { booksOf, type Taste } from '../../preferences/preferences.ts'
import { recommendedCard } from '../cards.ts'
import { paths } from '../paths.ts'
import { fallbackOf, type ShelfSection } from '../shelf-section.ts'

/** What is recommended to a visitor. */
export interface Recommended {
  /** Three mysteries. */
  picks: ShelfSection
  /** Books of all shelves, where the visitor has said what they like. */
  forYou: ShelfSection | undefined
}

type Recommendations = Answer<RecommendationResponse>

// Whoever has said nothing yet is shown what the first of the regulars may like.
const regular = 1
const picksShown = 3
// More than are shown: a book that stands further up is left out.
const askedForYou = 12

/** Asks what to recommend to a visitor: once, whatever they have said. */
export async function findRecommended(sources: Sources, taste: Taste): Promise<Recommended> {
  if (taste.length > 0) return findPersonal(sources, taste)

  const shelf = { category: BookCategory.MYSTERY, maxResults: picksShown }
  const answer = await orNone(sources.recommendations.recommend({ userId: regular, ...shelf }))
  const note = 'Chosen for the first of our regulars, until you tell us what you like.'
  return { picks: picksSection(answer, note), forYou: undefined }
}

async function findPersonal({ recommendations, inventory }: Sources, taste: Taste): Promise<Recommended> {
  const liked = booksOf(taste, 'liked')
  const reader = { userId: 0, likedIds: liked, dislikedIds: booksOf(taste, 'disliked') }
  const category = BookCategory.MYSTERY
  // A reason is a book that was liked. All are asked for at once, as nobody waits for one service after the other.
  const [answer, reasons] = await Promise.all([
    orNone(
      recommendations.recommend({
        ...{ ...reader, category },
        allCategories: true,
        minOfCategory: picksShown,
        maxResults: picksShown + askedForYou,
      }),
    ),
    Promise.all(liked.map(inventory.findBook)),
  ])

  const mysteries = answer.value?.recommendations.filter((book) => book.category === category).slice(0, picksShown)
  // Fewer than that are left on the shelf, or recommendations are of a version that does not know the wish.
  const picks =
    mysteries && mysteries.length < picksShown
      ? await orNone(recommendations.recommend({ ...reader, category, maxResults: picksShown }))
      : { ...answer, value: mysteries && { recommendations: mysteries } }

  const titles = new Map(reasons.map(({ value }, index) => [liked[index], value?.book?.title]))
  return {
    picks: picksSection(picks, 'Chosen by what you told us.'),
    forYou: forYouSection(answer, titles, reasons.some(({ isFallback }) => isFallback) ? 'inventory' : undefined),
  }
}

function picksSection(answer: Recommendations, note: string): ShelfSection {
  const cards = (answer.value?.recommendations ?? []).map(recommendedCard)
  return {
    id: 'picks',
    heading: 'Mystery books you may like',
    note,
    href: paths.category('mystery'),
    cards,
    fallback: fallbackOf(answer, 'recommendations'),
    notice: noticeOf(answer.value && cards.length, 'The mystery shelf is empty just now.'),
  }
}

function forYouSection(
  answer: Recommendations,
  titles: ReadonlyMap<number | undefined, string | undefined>,
  fallback: string | undefined,
): ShelfSection {
  const cards = (answer.value?.recommendations ?? []).map((book) => {
    const title = titles.get(book.becauseOfId)
    return { ...recommendedCard(book), reason: title === undefined ? undefined : `Because you liked ${title}` }
  })
  return {
    id: 'for-you',
    heading: 'Picked for you',
    href: paths.taste,
    cards,
    fallback: fallbackOf(answer, 'recommendations') ?? fallback,
    notice: noticeOf(answer.value && cards.length, 'Tell us of a few more books, and this shelf will fill.'),
  }
}

function noticeOf(count: number | undefined, empty: string): string | undefined {
  if (count === undefined) return 'We cannot reach our recommendations just now. Please look in again in a moment.'
  return count === 0 ? empty : undefined
}

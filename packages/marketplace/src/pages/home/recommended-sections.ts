import { BookCategory, type RecommendationResponse } from '@books/proto'
import type { Answer } from '../../backends/backend.ts'
import type { Backends } from '../../backends/backends.ts'
import { booksOf, type Preferences } from '../../preferences/preferences.ts'
import type { Visitor } from '../../sessions/visitor.ts'
import { recommendedCard } from '../cards.ts'
import { paths } from '../paths.ts'
import type { ShelfSection } from '../shelf-section.ts'

/** What is recommended to a reader. */
export interface Recommended {
  /** Three mysteries. */
  picks: ShelfSection
  /** Books of all shelves; undefined for a reader without preferences. */
  forYou: ShelfSection | undefined
}

type Recommendations = Answer<RecommendationResponse>

// An id that no reader has: only the preferences of the request count.
const noReader = 0
// Visitors without preferences are shown what is recommended to this one.
const exampleReader = 1
const picksShown = 3
// More than are shown: a book that an earlier section shows is left out.
const requestedForYou = 12

/** Finds what to recommend to a visitor with these preferences. */
export async function findRecommended(
  backends: Backends,
  preferences: Preferences,
  visiting: Promise<Visitor>,
): Promise<Recommended> {
  // Asked at the same time for a visitor who stays unknown, so that the page waits only once.
  const asGuest = findForGuest(backends, preferences)
  asGuest.catch(() => {})
  const visitor = await visiting
  return visitor.kind === 'reader' ? findPersonal(backends, preferences, visitor.account.readerId) : asGuest
}

async function findForGuest(backends: Backends, preferences: Preferences): Promise<Recommended> {
  if (preferences.length > 0) return findPersonal(backends, preferences, noReader)

  const request = { userId: exampleReader, category: BookCategory.MYSTERY, maxResults: picksShown }
  const answer = await backends.recommendations.recommend(request, { isOptional: true })
  const note = 'Chosen for one of our regular readers, until you tell us what you like.'
  return { picks: picksSection(answer, note), forYou: undefined }
}

async function findPersonal(
  { recommendations, inventory }: Backends,
  preferences: Preferences,
  userId: number,
): Promise<Recommended> {
  const liked = booksOf(preferences, 'liked')
  // For a reader these are in addition to what is recorded, so that the answer to a new opinion is a new one.
  const reader = { userId, likedIds: liked, dislikedIds: booksOf(preferences, 'disliked') }
  const category = BookCategory.MYSTERY
  const request = {
    ...{ ...reader, category },
    allCategories: true,
    minOfCategory: picksShown,
    maxResults: picksShown + requestedForYou,
  }
  // A reason is a liked book. All liked books are requested now, so that the page waits only once.
  const [answer, likedBooks] = await Promise.all([
    recommendations.recommend(request, { isOptional: true }),
    Promise.all(liked.map((id) => inventory.findBook(id, { isSecondary: true }))),
  ])
  // A reader may have liked others elsewhere.
  const further = (answer.value?.recommendations ?? [])
    .flatMap(({ becauseOfId }) => becauseOfId ?? [])
    .filter((id, index, all) => !liked.includes(id) && all.indexOf(id) === index)
  const reasonIds = [...liked, ...further]
  const reasons = [
    ...likedBooks,
    ...(await Promise.all(further.map((id) => inventory.findBook(id, { isSecondary: true })))),
  ]

  const mysteries = answer.value?.recommendations.filter((book) => book.category === category).slice(0, picksShown)
  // Too few are left on the shelf, or the service is of a version that does not know `minOfCategory`.
  const picks =
    mysteries && mysteries.length < picksShown
      ? await recommendations.recommend({ ...reader, category, maxResults: picksShown }, { isOptional: true })
      : { ...answer, value: mysteries && { recommendations: mysteries } }

  const titles = new Map(reasons.map(({ value }, index) => [reasonIds[index], value?.book?.title]))
  const fallback = answer.fallback ?? reasons.find((reason) => reason.fallback)?.fallback
  const isNew = preferences.length === 0 && reasonIds.length === 0 && answer.value !== undefined
  return {
    picks: picksSection(
      picks,
      isNew ? 'What many readers like, until you tell us what you like.' : 'Chosen by what you told us.',
    ),
    // A new reader is recommended what is trending.
    forYou: isNew ? undefined : forYouSection({ ...answer, fallback }, titles),
  }
}

function picksSection({ value, fallback }: Recommendations, note: string): ShelfSection {
  const cards = (value?.recommendations ?? []).map(recommendedCard)
  return {
    id: 'picks',
    heading: 'Mystery books you may like',
    note,
    cards,
    fallback,
    notice: noticeOf(value && cards.length, 'The mystery shelf is empty just now.'),
  }
}

function forYouSection(
  { value, fallback }: Recommendations,
  titles: ReadonlyMap<number | undefined, string | undefined>,
): ShelfSection {
  const books = value?.recommendations ?? []
  const cards = books.map(recommendedCard)
  const reasons = books.flatMap(({ id, becauseOfId }) => {
    const title = titles.get(becauseOfId)
    return title === undefined ? [] : [[id, `Because you liked ${title}`]]
  })
  return {
    id: 'for-you',
    heading: 'Picked for you',
    href: paths.preferences,
    cards,
    reasons: Object.fromEntries(reasons) as Record<number, string>,
    fallback,
    notice: noticeOf(value && cards.length, 'Tell us of a few more books, and this shelf will fill.'),
  }
}

function noticeOf(count: number | undefined, empty: string): string | undefined {
  if (count === undefined) return 'We cannot reach our recommendations just now. Please look in again in a moment.'
  return count === 0 ? empty : undefined
}

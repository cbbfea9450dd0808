import { type ListReviewsResponse, type Review, ReviewSort } from '@books/proto'
import type { Answer } from '../../backends/backend.ts'
import type { Visitor } from '../../sessions/visitor.ts'
import { formatDay } from '../format.ts'
import { paths } from '../paths.ts'
import { formatCount, type Rating, ratingOf } from './rating.ts'
import { type ReviewEntry, reviewEntry, starsText } from './review-entry.ts'

/** What is asked for of the reviews of a book. */
export interface ReviewsQuery {
  sort: ReviewSortName
  /** Only reviews with so many stars; all for 0. */
  stars: number
  /** Where the page begins; empty for the first one. */
  after: string
}

/** The orders of reviews that readers can choose, the default first. */
export const reviewSorts = [
  { name: 'helpful', label: 'Most helpful', value: ReviewSort.REVIEW_SORT_HELPFUL },
  { name: 'newest', label: 'Newest', value: ReviewSort.REVIEW_SORT_NEWEST },
  { name: 'highest', label: 'Most stars', value: ReviewSort.REVIEW_SORT_HIGHEST },
  { name: 'lowest', label: 'Fewest stars', value: ReviewSort.REVIEW_SORT_LOWEST },
] as const

/** The name of an order in a URL. */
export type ReviewSortName = (typeof reviewSorts)[number]['name']

/** What readers think of a book, as `partials/reviews.hbs` takes it. */
export interface ReviewsSection {
  /** Undefined where no reader rated the book, and where that is not known. */
  rating: (Rating & { ratings: string }) | undefined
  /** How many gave so many stars, from 5 to 1. */
  histogram: HistogramRow[]
  sortLinks: { label: string; href: string; isCurrent: boolean }[]
  /** Shown while only some reviews are. */
  filter: { text: string; allHref: string } | undefined
  reviews: ReviewEntry[]
  /** The first page, where this is another one. */
  first: string | undefined
  next: string | undefined
  /** The form to write or change a review. */
  write: { href: string; label: string }
  /** What the reader wrote before, in words. */
  own: string | undefined
  fallback: string | undefined
  notice: string | undefined
}

interface HistogramRow {
  /** Such as `5 stars`. */
  label: string
  /** Undefined where no reader gave so many. */
  href: string | undefined
  isCurrent: boolean
  count: string
  /** Of all ratings, in per cent. */
  share: number
}

interface ReviewsContent {
  bookId: number
  query: ReviewsQuery
  answer: Answer<ListReviewsResponse>
  /** Who looks at them. */
  visitor: Visitor['kind']
}

/** Makes what readers think of a book. */
export function reviewsSection({ bookId, query, answer, visitor }: ReviewsContent): ReviewsSection {
  const { value, fallback } = answer
  const { stars, after } = query
  const sort = query.sort === reviewSorts[0].name ? undefined : query.sort
  const linkTo = (other: Parameters<typeof paths.reviews>[1]) => paths.reviews(bookId, { sort, stars, ...other })
  const rating = ratingOf(value?.rating)
  const own = value?.ownReview
  return {
    rating: rating && { ...rating, ratings: rating.count === '1' ? 'One rating' : `${rating.count} ratings` },
    histogram: rating ? histogramOf(value?.rating?.histogram ?? [], stars, (other) => linkTo({ stars: other })) : [],
    sortLinks: reviewSorts.map(({ name, label }) => ({
      label,
      href: linkTo({ sort: name === reviewSorts[0].name ? undefined : name }),
      isCurrent: name === query.sort,
    })),
    filter: stars > 0 ? { text: `Reviews with ${starsText(stars)}`, allHref: linkTo({ stars: 0 }) } : undefined,
    reviews: (value?.reviews ?? []).map((review) => reviewEntry(review, visitor === 'reader')),
    first: after === '' ? undefined : linkTo({}),
    next: value?.nextPageToken ? linkTo({ after: value.nextPageToken }) : undefined,
    write: { href: paths.review(bookId), label: writeLabel(own, visitor) },
    own: own && ownText(own),
    fallback,
    notice: noticeOf(value, query),
  }
}

function histogramOf(counts: readonly number[], chosen: number, linkTo: (stars: number) => string): HistogramRow[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return [5, 4, 3, 2, 1].map((stars) => {
    const count = counts[stars - 1] ?? 0
    return {
      label: starsText(stars),
      href: count > 0 ? linkTo(stars) : undefined,
      isCurrent: stars === chosen,
      count: formatCount(count),
      share: total > 0 ? Math.round((count / total) * 100) : 0,
    }
  })
}

function writeLabel(own: Review | undefined, visitor: Visitor['kind']): string {
  if (own) return 'Change or delete your review'
  return visitor === 'guest' ? 'Sign in to write a review' : 'Write a review'
}

function ownText({ stars, writtenAt, isHidden }: Review): string {
  const day = writtenAt ? ` on ${formatDay(writtenAt)}` : ''
  const hidden = isHidden ? ' Your review is hidden from others. Our decision comes by mail.' : ''
  return `You gave this book ${starsText(stars)}${day}.${hidden}`
}

function noticeOf(value: ListReviewsResponse | undefined, { stars, after }: ReviewsQuery): string | undefined {
  if (!value) return 'We cannot look up reviews just now. Please look in again in a moment.'
  if (value.reviews.length > 0) return undefined
  if (after !== '') return 'There are no more reviews.'
  if (stars > 0) return `No reader who gave ${starsText(stars)} has written more about it.`
  return value.rating?.count ? 'No reader has written more about it yet.' : 'No reader has rated this book yet.'
}

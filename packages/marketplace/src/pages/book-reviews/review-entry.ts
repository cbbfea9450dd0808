import { type Review, Vote } from '@books/proto'
import { formatDay } from '../format.ts'
import { paths } from '../paths.ts'
import { formatCount } from './rating.ts'

/** A review, as its template takes it. */
export interface ReviewEntry {
  id: string
  /** Its title, or how many stars it gives. */
  heading: string
  stars: number
  /** Such as `4 stars`. */
  starsText: string
  name: string
  day: string | undefined
  /** When it was changed. */
  changed: string | undefined
  text: string
  isBoughtHere: boolean
  isSample: boolean
  isOwn: boolean
  isHidden: boolean
  /** How many readers found it helpful, in words. */
  helpful: string | undefined
  /** Undefined for who is not signed in, and for their own. */
  vote: { action: string; isHelpful: boolean; isNotHelpful: boolean } | undefined
  /** Undefined for their own. */
  reportHref: string | undefined
}

/** Makes a review for a reader who is signed in, or for a guest. */
export function reviewEntry(review: Review, isReader: boolean): ReviewEntry {
  const { id, bookId, title, text, stars, name, writtenAt, changedAt, isOwn, vote } = review
  return {
    ...{ id, text, stars, isOwn, isHidden: review.isHidden },
    heading: title || starsText(stars),
    starsText: starsText(stars),
    name: name || 'A former reader',
    day: writtenAt && formatDay(writtenAt),
    changed: changedAt && formatDay(changedAt),
    isBoughtHere: review.boughtHere,
    isSample: review.isSample,
    helpful: helpfulText(review),
    vote:
      isReader && !isOwn
        ? {
            action: paths.voteOnReview(bookId, id),
            isHelpful: vote === Vote.VOTE_HELPFUL,
            isNotHelpful: vote === Vote.VOTE_NOT_HELPFUL,
          }
        : undefined,
    reportHref: isOwn ? undefined : paths.reportReview(bookId, id),
  }
}

/** Such as `4 stars`. */
export function starsText(stars: number): string {
  return stars === 1 ? '1 star' : `${stars} stars`
}

function helpfulText({ helpful, notHelpful }: Review): string | undefined {
  const votes = helpful + notHelpful
  if (votes === 0) return undefined
  if (votes === 1) return `One reader found this ${helpful === 1 ? '' : 'not '}helpful.`
  return `${formatCount(helpful)} of ${formatCount(votes)} readers found this helpful.`
}

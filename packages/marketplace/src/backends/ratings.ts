import type { BookRating, GetRatingsRequest, GetRatingsResponse } from '@books/proto'
import type { CallOptions } from '@books/rpc'
import { LRUCache } from 'lru-cache'
import { limitByAnswer } from './answer-lifetime.ts'
import { type Backend, type BackendSettings, orMissing } from './backend.ts'

/** How readers rate books, by their ids, as far as it is known. */
export interface FoundRatings {
  ratings: ReadonlyMap<number, BookRating>
  /** The backend's name, where it did not answer and ratings are old or missing for that reason. */
  fallback: string | undefined
}

/**
 * Finds how readers rate books: one call for all that are not cached. It is waited for as secondary content is; `since` is when the page
 * began to wait, by `performance.now`. Never rejects because the service is unavailable.
 */
export type FindRatings = (bookIds: readonly number[], since: number) => Promise<FoundRatings>

type GetRatings = (request: GetRatingsRequest, options?: CallOptions) => Promise<GetRatingsResponse>

// More than most catalogues have; a rating takes about 200 bytes.
const mostRatings = 20_000

/** Caches each rating by itself, so that pages with some books in common share them. */
export function createFindRatings(
  backend: Backend,
  getRatings: GetRatings,
  { FRESH_MS, STALE_MS }: Pick<BackendSettings, 'FRESH_MS' | 'STALE_MS'>,
): FindRatings {
  const cache = new LRUCache<number, { rating: BookRating; at: number }>({ max: mostRatings })

  async function ask(bookIds: number[]): Promise<GetRatingsResponse> {
    const answer = await getRatings({ bookIds }, { deadlineMs: backend.deadlineMs })
    const at = performance.now()
    for (const rating of answer.ratings) cache.set(rating.bookId, { rating, at })
    return answer
  }

  return async (bookIds, since) => {
    const now = performance.now()
    const ratings = new Map<number, BookRating>()
    const old: number[] = []
    let isWaitedFor = false
    let oldestAt = Number.POSITIVE_INFINITY
    for (const id of new Set(bookIds)) {
      const cached = cache.get(id)
      const ageMs = cached ? now - cached.at : Number.POSITIVE_INFINITY
      if (cached) {
        ratings.set(id, cached.rating)
        oldestAt = Math.min(oldestAt, cached.at)
      }
      if (ageMs >= FRESH_MS) old.push(id)
      if (ageMs >= STALE_MS) isWaitedFor = true
    }
    limitByAnswer({ freshUntilMs: oldestAt + FRESH_MS, staleUntilMs: oldestAt + STALE_MS })
    if (old.length === 0) return { ratings, fallback: undefined }

    const call = () => backend.fire(() => ask(old))
    const asked = orMissing(backend, backend.ask(`ratings ${old.join()}`, call, { isSecondary: true, since }))
    if (!isWaitedFor && !backend.isFailing()) {
      asked.catch(() => {})
      return { ratings, fallback: undefined }
    }
    const { value, fallback } = await asked
    for (const rating of value?.ratings ?? []) ratings.set(rating.bookId, rating)
    return { ratings, fallback }
  }
}

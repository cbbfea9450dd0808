import type { ReviewsServiceService } from '@books/proto'
import type { Handlers } from '@books/rpc'
import type { ReviewsDeps } from './methods/deps.ts'
import { createListMethods } from './methods/list-reviews.ts'
import { createModerationMethods } from './methods/moderation.ts'
import { createOpinionMethods } from './methods/opinions.ts'
import { createRatingMethods } from './methods/ratings.ts'
import { createWriteMethods } from './methods/write-review.ts'

/** Answers the Reviews API. */
export function createReviews(deps: ReviewsDeps): Handlers<typeof ReviewsServiceService> {
  return {
    ...createRatingMethods(deps),
    ...createListMethods(deps),
    ...createWriteMethods(deps),
    ...createOpinionMethods(deps),
    ...createModerationMethods(deps),
  }
}

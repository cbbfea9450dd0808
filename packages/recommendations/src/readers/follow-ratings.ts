import type { ReaderRating, ReviewsServiceService } from '@books/proto'
import type { Client } from '@books/rpc'
import type { Log } from '@books/runtime'
import { followRevisions } from '@books/service/watch'
import type { FollowedInteractions } from './followed-interactions.ts'
import type { Interaction } from './interaction.ts'

/** What following ratings needs. */
export interface FollowRatingsDeps {
  reviews: Pick<Client<typeof ReviewsServiceService>, 'watchRatings'>
  ratings: FollowedInteractions
  /** Called with new interactions once they are recorded. */
  onRecorded(interactions: readonly Interaction[]): void
  now: () => Date
  log: Log
}

/** Records how readers rate books, each change once: the newest rating counts, and none where that was taken back. */
export async function followRatings({ reviews, ratings, onRecorded, now, log }: FollowRatingsDeps) {
  return followRevisions({
    name: 'reviews',
    watch: reviews.watchRatings,
    startOver: ratings.resetRevision,
    ...{ revision: await ratings.findRevision(), log },
    async take(messages, revision) {
      const rated = messages.flatMap((message) => message.ratings.map((rating) => interactionOf(rating, now())))
      onRecorded(await ratings.record(rated, revision))
    },
  })
}

function interactionOf({ readerId, bookId, stars, ratedAt }: ReaderRating, now: Date): Interaction {
  const time = ratedAt ?? now
  // What is told again has the same time, and so the same id.
  const id = `review-${readerId}-${bookId}-${time.getTime()}-${stars}`
  return { id, readerId, bookId, time, kind: stars > 0 ? 'rated' : 'withdrawn', rating: stars }
}

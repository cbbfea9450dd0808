import { type Review, ReviewSort, Vote } from '@books/proto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { engines, openWorld, type ReviewsUnderTest, write } from './reviews.fixture.ts'

const bookId = 1
const count = 23
/** The one who looks: a reader with a hidden review of 3 stars. */
const readerId = 500

const { REVIEW_SORT_HELPFUL, REVIEW_SORT_NEWEST, REVIEW_SORT_HIGHEST, REVIEW_SORT_LOWEST } = ReviewSort

describe.each(engines)('the pages of a book’s reviews (%s)', (_, openDatabase) => {
  const opened = new AsyncDisposableStack()
  let running: ReviewsUnderTest
  /** From the newest on, as a visitor sees them. */
  let newestFirst: Review[]
  beforeAll(async () => {
    const world = opened.use(await openWorld(openDatabase))
    running = opened.use(await world.start())
    const { client } = running
    for (let reader = 1; reader <= count; reader++) {
      const { id } = await write(running, { readerId: reader, bookId, stars: 1 + (reader % 5) })
      for (let voter = 1; voter <= reader % 4; voter++)
        await client.voteHelpful({ readerId: 100 + voter, reviewId: id, vote: Vote.VOTE_HELPFUL })
    }
    const { id } = await write(running, { readerId, bookId, stars: 3 })
    for (const reporter of [1, 2, 3]) await client.reportReview({ readerId: reporter, reviewId: id, reason: 1 })
    newestFirst = (await client.listReviews({ bookId, sort: REVIEW_SORT_NEWEST, pageSize: 100 })).reviews
  })
  afterAll(() => opened.disposeAsync())

  const byHelpful = (one: Review, other: Review) => other.helpful - one.helpful
  it.each([
    ['helpful', REVIEW_SORT_HELPFUL, byHelpful],
    ['helpful, where no order is named', ReviewSort.REVIEW_SORT_UNSPECIFIED, byHelpful],
    ['newest', REVIEW_SORT_NEWEST, () => 0],
    ['highest', REVIEW_SORT_HIGHEST, (one: Review, other: Review) => other.stars - one.stars],
    ['lowest', REVIEW_SORT_LOWEST, (one: Review, other: Review) => one.stars - other.stars],
  ] as const)('have each once, the most %s first and then the newest', async (__, sort, compare) => {
    for (const stars of [0, 3]) {
      const expected = newestFirst.filter((review) => stars === 0 || review.stars === stars).toSorted(compare)

      expect(await listAll({ sort, stars })).toEqual(expected.map(({ id }) => id))
    }
  })

  it.each([REVIEW_SORT_HELPFUL, REVIEW_SORT_NEWEST, REVIEW_SORT_HIGHEST, REVIEW_SORT_LOWEST])(
    'have a hidden review for its writer only, in its place (sort %i)',
    async (sort) => {
      const { ownReview } = await running.client.listReviews({ bookId, readerId })
      expect(ownReview).toMatchObject({ isHidden: true, isOwn: true, stars: 3 })

      const [forReader, forOthers] = [await listAll({ sort, readerId }), await listAll({ sort })]

      expect(forReader.filter((id) => id !== ownReview?.id)).toEqual(forOthers)
      expect(forReader.filter((id) => id === ownReview?.id)).toHaveLength(1)
      expect(await listAll({ sort, readerId, stars: 4 })).not.toContain(ownReview?.id)
    },
  )

  it('do not repeat a review where one was written meanwhile', async () => {
    const sort = REVIEW_SORT_NEWEST
    const first = await running.client.listReviews({ bookId, sort, pageSize: 5 })
    await write(running, { readerId: 600, bookId })

    const second = await running.client.listReviews({ bookId, sort, pageSize: 5, pageToken: first.nextPageToken })

    const ids = [...first.reviews, ...second.reviews].map(({ id }) => id)
    expect(ids).toEqual(newestFirst.slice(0, 10).map(({ id }) => id))
    await running.client.deleteReview({ readerId: 600, bookId })
  })

  /** The ids of all pages of 4. */
  async function listAll(request: { sort: ReviewSort; stars?: number; readerId?: number }): Promise<string[]> {
    const ids: string[] = []
    for (let pageToken = ''; ; ) {
      const page = await running.client.listReviews({ bookId, pageSize: 4, pageToken, ...request })
      ids.push(...page.reviews.map(({ id }) => id))
      pageToken = page.nextPageToken
      if (pageToken === '') return ids
    }
  }
})

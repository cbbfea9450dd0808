import type { Vote } from '@books/proto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { engines, openWorld, type ReviewsUnderTest, type World, write, written } from './reviews.fixture.ts'
import { wilsonLowerBound } from './rules/wilson.ts'

const readers = Array.from({ length: 200 }, (_, index) => index + 1)
const bookId = 1

describe.each(engines)('200 readers at once (%s)', (_, openDatabase) => {
  let opened: AsyncDisposableStack
  let world: World
  let running: ReviewsUnderTest
  beforeEach(async () => {
    opened = new AsyncDisposableStack()
    world = opened.use(await openWorld(openDatabase))
    running = opened.use(await world.start())
  })
  afterEach(() => opened.disposeAsync())

  it('who vote on one review and change their votes leave counts that agree with the rows', async () => {
    const { id } = await write(running, { readerId: 1_000, bookId })
    const vote = (readerId: number, value: number) =>
      running.client.voteHelpful({ readerId, reviewId: id, vote: (value % 3) as Vote })

    await Promise.all(
      readers.flatMap((readerId) => [
        vote(readerId, readerId),
        vote(readerId, readerId + 1),
        vote(readerId, readerId + 1),
      ]),
    )

    const votes = await world.tables.selectFrom('votes').selectAll().execute()
    const helpful = votes.filter((row) => row.is_helpful).length
    const { helpfulness, ...counted } = await world.tables
      .selectFrom('reviews')
      .select(['helpful', 'not_helpful', 'helpfulness'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(counted).toEqual({ helpful, not_helpful: votes.length - helpful })
    expect(helpfulness).toBeCloseTo(wilsonLowerBound(helpful, votes.length - helpful), 10)
    expect(new Set(votes.map((row) => row.reader_id)).size).toBe(votes.length)
  })

  it('who write, change, report and delete reviews of one book leave a histogram that agrees with the rows', async () => {
    const writing = (readerId: number, stars: number) =>
      running.client.writeReview(written({ readerId, bookId, stars: 1 + (stars % 5) }))
    const first = await write(running, { readerId: 1_000, bookId, stars: 5 })

    await Promise.all([
      ...readers.flatMap((readerId) => [writing(readerId, readerId), writing(readerId, readerId + 3)]),
      ...readers.slice(0, 20).map((readerId) => running.client.deleteReview({ readerId, bookId })),
      ...readers
        .slice(20, 23)
        .map((readerId) => running.client.reportReview({ readerId, reviewId: first.id, reason: 1 })),
    ])

    const rows = await world.tables.selectFrom('reviews').selectAll().where('state', '=', 'shown').execute()
    const histogram = [1, 2, 3, 4, 5].map((stars) => rows.filter((row) => row.stars === stars).length)
    const { ratings } = await running.client.getRatings({ bookIds: [bookId] })
    expect(ratings).toMatchObject([{ histogram, count: rows.length }])
    const told = await world.tables.selectFrom('reader_ratings').selectAll().where('stars', '>', 0).execute()
    const starsOf = (list: readonly { reader_id: number | null; stars: number }[]) =>
      list.map(({ reader_id, stars }) => `${reader_id}: ${stars}`).toSorted()
    expect(starsOf(told)).toEqual(starsOf(rows))
    expect(rows.some(({ reader_id }) => reader_id === 1_000)).toBe(false)
  })
})

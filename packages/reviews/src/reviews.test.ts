import { ReviewSort, Vote } from '@books/proto'
import { Status } from '@books/rpc'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  engines,
  openWorld,
  type ReviewsUnderTest,
  refusal,
  reviewOf,
  until,
  type World,
  write,
  written,
} from './reviews.fixture.ts'

const noBook = 999
let lastReader = 100
const reader = () => ++lastReader

describe.each(engines)('reviews (%s)', (_, openDatabase) => {
  const opened = new AsyncDisposableStack()
  let world: World
  let running: ReviewsUnderTest
  let lastBook = 9
  /** A book that no other test rates. */
  const book = async () => {
    const id = ++lastBook
    world.tellBooks({ id })
    await until(
      async () => (await world.tables.selectFrom('books').where('id', '=', id).select('id').execute()).length === 1,
    )
    return id
  }
  beforeAll(async () => {
    world = opened.use(await openWorld(openDatabase))
    running = opened.use(await world.start())
  })
  afterAll(() => opened.disposeAsync())

  describe('WriteReview', () => {
    it('answers the review as it is shown', async () => {
      const bookId = await book()
      world.bought.add(`7 ${bookId}`)

      const text = 'One line that is long enough,\r\nand another one.'
      const review = await write(running, {
        readerId: 7,
        bookId,
        stars: 5,
        title: ' Cafe\u0301 ',
        text,
        name: 'Ada L.',
      })

      expect(review).toEqual({
        ...{ id: expect.stringMatching(/^[0-9a-z]{20}$/), bookId, name: 'Ada L.', stars: 5, title: 'Caf\u00e9' },
        ...{ text: 'One line that is long enough,\nand another one.', boughtHere: true, isSample: false },
        ...{ helpful: 0, notHelpful: 0, writtenAt: expect.any(Date), changedAt: undefined },
        ...{ isOwn: true, vote: Vote.VOTE_UNSPECIFIED, isHidden: false },
      })
    })

    it('changes the review of the same reader and book, and says when', async () => {
      const bookId = await book()
      const first = await write(running, { readerId: 7, bookId, stars: 5 })

      const changed = await write(running, { readerId: 7, bookId, stars: 2, title: 'On reflection' })

      expect(changed).toEqual({ ...first, stars: 2, title: 'On reflection', changedAt: expect.any(Date) })
      expect(await ratingOf(bookId)).toMatchObject({ count: 1, mean: 2, histogram: [0, 1, 0, 0, 0] })
    })

    it('changes nothing where the same is written again', async () => {
      const bookId = await book()
      const first = await write(running, { readerId: 7, bookId })

      expect(await write(running, { readerId: 7, bookId })).toEqual(first)
    })

    it('takes stars alone, which count, and are listed for their reader only', async () => {
      const bookId = await book()
      const own = await write(running, { readerId: 7, bookId, stars: 3, title: '', text: '' })

      const forReader = await running.client.listReviews({ bookId, readerId: 7 })
      const forOthers = await running.client.listReviews({ bookId, readerId: 8 })

      expect(forReader).toMatchObject({ reviews: [own], ownReview: own, rating: { count: 1, mean: 3 } })
      expect(forOthers).toMatchObject({ reviews: [], ownReview: undefined, rating: { count: 1, mean: 3 } })
    })

    it.each([
      ['reader_id', { readerId: 0 }],
      ['book_id', { bookId: 0 }],
      ['stars', { stars: 0 }],
      ['stars', { stars: 6 }],
      ['title', { title: 'x'.repeat(151) }],
      ['title', { title: 'two\nlines' }],
      ['title', { title: 'A title', text: '' }],
      ['text', { text: 'Nineteen characters' }],
      ['text', { text: 'x'.repeat(5_001) }],
      ['text', { text: 'This text is \u202ereversed from here on' }],
      ['name', { name: ' ' }],
      ['name', { name: 'x'.repeat(101) }],
    ])('refuses a wrong %s (%j)', async (field, wrong) => {
      await expect(running.client.writeReview(written(wrong))).rejects.toMatchObject({
        code: Status.INVALID_ARGUMENT,
        details: { badRequest: { fieldViolations: [{ field }] } },
      })
    })

    it('takes a text of 20 and one of 5,000 characters', async () => {
      const bookId = await book()
      const [shortest, longest] = ['📚'.repeat(20), '📚'.repeat(5_000)]

      expect((await write(running, { readerId: 7, bookId, text: shortest })).text).toBe(shortest)
      expect((await write(running, { readerId: 8, bookId, text: longest })).text).toBe(longest)
    })

    it('knows no book that inventory does not have', async () => {
      await expect(running.client.writeReview(written({ bookId: noBook }))).rejects.toMatchObject({
        code: Status.NOT_FOUND,
      })
    })
  })

  describe('DeleteReview', () => {
    it('takes the review and its rating away, and may be repeated', async () => {
      const bookId = await book()
      await write(running, { readerId: 7, bookId, stars: 5 })
      await write(running, { readerId: 8, bookId, stars: 1 })

      await running.client.deleteReview({ readerId: 7, bookId })
      await running.client.deleteReview({ readerId: 7, bookId })

      const { reviews, rating, ownReview } = await running.client.listReviews({ bookId, readerId: 7 })
      expect([reviews.length, rating, ownReview]).toMatchObject([1, { count: 1, mean: 1 }, undefined])
    })

    it('makes room for a new review, with another id', async () => {
      const bookId = await book()
      const first = await write(running, { readerId: 7, bookId })
      await running.client.deleteReview({ readerId: 7, bookId })

      const second = await write(running, { readerId: 7, bookId })

      expect(second).toMatchObject({ changedAt: undefined, isHidden: false })
      expect(second.id).not.toBe(first.id)
    })
  })

  describe('GetRatings', () => {
    it('answers each book once, in the order of the ids', async () => {
      const [first, second] = [await book(), await book()]
      for (const stars of [1, 4, 4, 5]) await write(running, { readerId: reader(), bookId: first, stars })

      const { ratings } = await running.client.getRatings({ bookIds: [second, first, noBook, first] })

      expect(ratings).toEqual([
        { bookId: second, mean: 0, count: 0, histogram: [0, 0, 0, 0, 0], hasSamples: false },
        { bookId: first, mean: 3.5, count: 4, histogram: [1, 0, 0, 2, 1], hasSamples: false },
        { bookId: noBook, mean: 0, count: 0, histogram: [0, 0, 0, 0, 0], hasSamples: false },
      ])
    })

    it('answers at most 500 books', async () => {
      const bookIds = Array.from({ length: 501 }, (__, index) => index)

      await expect(running.client.getRatings({ bookIds })).rejects.toMatchObject({ code: Status.INVALID_ARGUMENT })
    })
  })

  describe('VoteHelpful', () => {
    it('counts the last vote of each reader, and shows it to that reader', async () => {
      const bookId = await book()
      const { id } = await write(running, { readerId: 7, bookId })
      const vote = async (readerId: number, value: Vote) =>
        reviewOf(await running.client.voteHelpful({ readerId, reviewId: id, vote: value }))

      await vote(8, Vote.VOTE_HELPFUL)
      await vote(9, Vote.VOTE_HELPFUL)
      await vote(9, Vote.VOTE_NOT_HELPFUL)
      await vote(10, Vote.VOTE_HELPFUL)
      const last = await vote(10, Vote.VOTE_UNSPECIFIED)

      expect(last).toMatchObject({ helpful: 1, notHelpful: 1, vote: Vote.VOTE_UNSPECIFIED, isOwn: false })
      const { reviews } = await running.client.listReviews({ bookId, readerId: 9 })
      expect(reviews).toMatchObject([{ helpful: 1, notHelpful: 1, vote: Vote.VOTE_NOT_HELPFUL }])
    })

    it('takes no vote on one’s own review, nor on one that is not there', async () => {
      const { id } = await write(running, { readerId: 7, bookId: await book() })
      const vote = (reviewId: string) => running.client.voteHelpful({ readerId: 7, reviewId, vote: Vote.VOTE_HELPFUL })

      await expect(vote(id)).rejects.toMatchObject(refusal(Status.FAILED_PRECONDITION, 'OWN_REVIEW'))
      await expect(vote('0000')).rejects.toMatchObject({ code: Status.NOT_FOUND })
      await expect(vote('no\0id')).rejects.toMatchObject({ code: Status.NOT_FOUND })
    })
  })

  describe('ListTopRated', () => {
    it('sorts by the Bayesian mean: many good ratings come before one that is perfect', async () => {
      const [one, many, few] = [await book(), await book(), await book()]
      await rate(one, [5])
      await rate(few, [3])
      await rate(many, [5, 5, 5, 5, 5, 5, 5, 5, 4, 4])

      const ids = async () => (await running.client.listTopRated({ pageSize: 100 })).ratings.map(({ bookId }) => bookId)
      while ((await ids()).length < 3 || (await ids()).indexOf(many) < 0) continue

      expect((await ids()).filter((id) => [one, many, few].includes(id))).toEqual([many, one, few])
    })

    it('answers pages of one category, with how many there are', async () => {
      const category = 12
      const [good, better, other] = [await book(), await book(), await book()]
      world.tellBooks({ id: good, category }, { id: better, category }, { id: other, category: 3 })
      await rate(good, [4])
      await rate(better, [5])
      await rate(other, [5])
      const page = (skip: number) => running.client.listTopRated({ category, pageSize: 1, skip })
      while ((await page(0)).totalSize < 2) continue

      const pages = [await page(0), await page(1), await page(2)]

      expect(pages).toMatchObject([
        { ratings: [{ bookId: better, mean: 5, count: 1 }], totalSize: 2 },
        { ratings: [{ bookId: good, mean: 4, count: 1 }], totalSize: 2 },
        { ratings: [], totalSize: 2 },
      ])
    })
  })

  describe('ListReaderReviews', () => {
    it('answers all that a reader wrote, page by page from the newest on', async () => {
      const [readerId, bookIds] = [reader(), [await book(), await book(), await book()]]
      for (const bookId of bookIds) await write(running, { readerId, bookId, title: '', text: '' })

      const first = await running.client.listReaderReviews({ readerId, pageSize: 2 })
      const second = await running.client.listReaderReviews({ readerId, pageSize: 2, pageToken: first.nextPageToken })

      expect([...first.reviews, ...second.reviews].map(({ bookId }) => bookId)).toEqual(bookIds.toReversed())
      expect([first.reviews.length, second.nextPageToken, second.reviews[0]?.isOwn]).toEqual([2, '', true])
    })
  })

  it('has no page for a token of another list', async () => {
    const [bookId, other] = [await book(), await book()]
    await rate(bookId, [3, 3])
    const { nextPageToken: pageToken } = await running.client.listReviews({ bookId, pageSize: 1 })
    const sort = ReviewSort.REVIEW_SORT_NEWEST

    for (const request of [{ bookId: other }, { bookId, sort }, { bookId, stars: 3 }]) {
      const answer = running.client.listReviews({ ...request, pageToken })
      await expect(answer).rejects.toMatchObject({ code: Status.INVALID_ARGUMENT })
    }
  })

  async function ratingOf(bookId: number) {
    return (await running.client.getRatings({ bookIds: [bookId] })).ratings[0]
  }

  async function rate(bookId: number, stars: readonly number[]): Promise<void> {
    for (const each of stars) await write(running, { readerId: reader(), bookId, stars: each })
  }
})

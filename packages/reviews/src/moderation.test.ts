import { ModerationAction, ReportReason } from '@books/proto'
import { Status } from '@books/rpc'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  engines,
  openWorld,
  type ReviewsUnderTest,
  ratingsAfter,
  refusal,
  reviewOf,
  until,
  type World,
  write,
} from './reviews.fixture.ts'

const bookId = 1
const writer = { readerId: 7, bookId }
const { MODERATION_ACTION_HIDE, MODERATION_ACTION_RESTORE, MODERATION_ACTION_DELETE } = ModerationAction
const { REPORT_REASON_SPAM, REPORT_REASON_ABUSE } = ReportReason

describe.each(engines)('moderation (%s)', (_, openDatabase) => {
  let opened: AsyncDisposableStack
  let world: World
  let running: ReviewsUnderTest
  let id: string
  beforeEach(async () => {
    opened = new AsyncDisposableStack()
    world = opened.use(await openWorld(openDatabase))
    running = opened.use(await world.start())
    id = (await write(running, { ...writer, stars: 5 })).id
    await write(running, { readerId: 8, bookId, stars: 1 })
  })
  afterEach(() => opened.disposeAsync())

  describe('a review that readers report', () => {
    it('is shown after two reports, and hidden after three', async () => {
      await report(11, 12)
      await report(11)
      expect(await seenBy(99)).toMatchObject({ count: 2, ids: expect.arrayContaining([id]) })

      await report(13)

      expect(await seenBy(99)).toEqual({ count: 1, ids: [expect.not.stringMatching(id)], own: undefined })
      expect(await seenBy(writer.readerId)).toMatchObject({ count: 1, own: { id, isHidden: true } })
    })

    it('is NOT_FOUND for others while it is hidden, and stays so when its writer changes it', async () => {
      await report(11, 12, 13)
      await write(running, { ...writer, title: 'Something else' })

      const reviewId = id
      await expect(running.client.voteHelpful({ readerId: 14, reviewId })).rejects.toMatchObject({
        code: Status.NOT_FOUND,
      })
      await expect(report(14)).rejects.toMatchObject({ code: Status.NOT_FOUND })
      expect(await seenBy(99)).toMatchObject({ count: 1 })
    })

    it('is not reported by its writer, nor without a reason', async () => {
      await expect(report(writer.readerId)).rejects.toMatchObject(refusal(Status.FAILED_PRECONDITION, 'OWN_REVIEW'))
      await expect(running.client.reportReview({ readerId: 11, reviewId: id, reason: 0 })).rejects.toMatchObject({
        code: Status.INVALID_ARGUMENT,
      })
    })

    it('waits for a decision with its reports, the first reported first, page by page', async () => {
      const later = await write(running, { readerId: 9, bookId, stars: 2 })
      await running.client.reportReview({
        ...{ readerId: 11, reviewId: id, reason: REPORT_REASON_ABUSE, comment: 'It insults\r\nthe author.' },
      })
      world.pass(1_000)
      await running.client.reportReview({ readerId: 11, reviewId: later.id, reason: REPORT_REASON_SPAM })
      await report(12)

      const first = await running.client.listReported({ pageSize: 1 })
      const second = await running.client.listReported({ pageSize: 1, pageToken: first.nextPageToken })

      expect(first.reviews).toMatchObject([
        {
          review: { id, stars: 5, isHidden: false },
          readerId: writer.readerId,
          reports: [
            { reason: REPORT_REASON_ABUSE, comment: 'It insults\nthe author.', reportedAt: expect.any(Date) },
            { reason: REPORT_REASON_SPAM, comment: '' },
          ],
        },
      ])
      expect(second).toMatchObject({ reviews: [{ review: { id: later.id } }], nextPageToken: '' })
    })

    it('waits again where it was deleted while it was hidden and is written anew', async () => {
      await report(11, 12, 13)
      await running.client.deleteReview(writer)

      const again = await write(running, writer)

      expect(again).toMatchObject({ isHidden: true })
      expect(again.id).not.toBe(id)
      expect(await seenBy(99)).toMatchObject({ count: 1 })
      const { reviews } = await running.client.listReported({})
      expect(reviews).toMatchObject([{ review: { id: again.id }, reports: [] }])
    })
  })

  describe('a decision', () => {
    it.each([
      ['hide', MODERATION_ACTION_HIDE, 1, 'We hid your review of Book 1'],
      ['delete', MODERATION_ACTION_DELETE, 1, 'We deleted your review of Book 1'],
      ['restore', MODERATION_ACTION_RESTORE, 2, 'Your review of Book 1 is shown again'],
    ])('to %s is made, and its reason is mailed to the writer', async (__, action, count, subject) => {
      await report(11, 12, 13)

      const { review } = await decide(action, 'It names a neighbour.')

      expect(review?.isHidden).toBe(action === MODERATION_ACTION_DELETE ? undefined : action === MODERATION_ACTION_HIDE)
      expect(await seenBy(99)).toMatchObject({ count })
      expect((await running.client.listReported({})).reviews).toEqual([])
      const mail = await world.mailer.waitFor('reader7@example.org')
      expect(mail.content).toMatchObject({ subject, action: { url: 'https://books.example/books/1' } })
      expect(mail.text).toContain('Hello Reader 7')
      expect(mail.text).toContain('It names a neighbour.')
    })

    it('to restore is final for those who reported, and not for others', async () => {
      await report(11, 12, 13)
      await decide(MODERATION_ACTION_RESTORE, 'It is about the book.')

      await report(11, 12, 13, 14, 15)
      expect(await seenBy(99)).toMatchObject({ count: 2 })

      await report(16)
      expect(await seenBy(99)).toMatchObject({ count: 1 })
    })

    it('is mailed once where it is repeated, and not where a review is restored that was not hidden', async () => {
      await report(11)
      await decide(MODERATION_ACTION_RESTORE, 'Not mailed.')
      await decide(MODERATION_ACTION_HIDE, 'Mailed.')
      await decide(MODERATION_ACTION_HIDE, 'Not mailed.')
      await decide(MODERATION_ACTION_RESTORE, 'The last one.')
      await until(async () => world.mailer.sent.length === 2)

      expect(await outboxKinds()).toHaveLength(2)
      const texts = world.mailer.sent.map(({ text }) => text).join()
      expect([texts.includes('Not mailed.'), texts.includes('Mailed.')]).toEqual([false, true])
    })

    it('needs a reason, and a review that is there', async () => {
      await expect(decide(MODERATION_ACTION_HIDE, ' ')).rejects.toMatchObject({ code: Status.INVALID_ARGUMENT })
      await expect(decide(0, 'A reason.')).rejects.toMatchObject({ code: Status.INVALID_ARGUMENT })
      await decide(MODERATION_ACTION_DELETE, 'A reason.')
      await expect(decide(MODERATION_ACTION_HIDE, 'A reason.')).rejects.toMatchObject({ code: Status.NOT_FOUND })
    })

    it('keeps nothing in the outbox that names the writer, and is mailed once accounts tells the address', async () => {
      world.away.add('accounts')
      await decide(MODERATION_ACTION_HIDE, 'A reason.')
      const failed = () =>
        world.tables.selectFrom('outbox').select(['payload', 'attempts']).where('attempts', '>', 0).executeTakeFirst()
      await until(async () => (await failed()) !== undefined)
      expect((await failed())?.payload).toEqual({ readerId: 7, bookId, decision: 'hide', reason: 'A reason.' })

      world.away.delete('accounts')

      expect((await world.mailer.waitFor('reader7@example.org')).text).toContain('A reason.')
    })

    it('is not mailed to an account that was deleted meanwhile', async () => {
      world.deletedReaders.add(writer.readerId)
      await decide(MODERATION_ACTION_HIDE, 'A reason.')

      const done = () => world.tables.selectFrom('outbox').select('done_time').executeTakeFirst()
      await until(async () => (await done())?.done_time != null)

      expect(world.mailer.sent).toEqual([])
    })
  })

  it('takes a hidden rating back from those who follow, and tells a restored one again', async () => {
    const first = await ratingsAfter(running, 0)
    await report(11, 12, 13)
    const hidden = await ratingsAfter(running, first.revision)
    await decide(MODERATION_ACTION_RESTORE, 'A reason.')
    const restored = await ratingsAfter(running, hidden.revision)

    const rating = { ...writer, ratedAt: expect.any(Date) }
    expect(first.ratings).toContainEqual({ ...rating, stars: 5 })
    expect([hidden.ratings, restored.ratings]).toEqual([[{ ...rating, stars: 0 }], [{ ...rating, stars: 5 }]])
  })

  async function report(...readerIds: number[]): Promise<void> {
    for (const readerId of readerIds) {
      await running.client.reportReview({ readerId, reviewId: id, reason: REPORT_REASON_SPAM })
    }
  }

  function decide(action: ModerationAction, reason: string) {
    return running.client.moderateReview({ reviewId: id, action, reason })
  }

  async function seenBy(readerId: number) {
    const { reviews, rating, ownReview } = await running.client.listReviews({ bookId, readerId })
    const ids = reviews.filter(({ isHidden }) => !isHidden).map((review) => review.id)
    return { count: rating?.count, ids, own: ownReview && reviewOf({ review: ownReview }) }
  }

  function outboxKinds() {
    return world.tables.selectFrom('outbox').select('kind').execute()
  }
})

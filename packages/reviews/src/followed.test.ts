import { loadCatalogue } from '@books/catalogue'
import { Status } from '@books/rpc'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  engines,
  hourMs,
  openWorld,
  ratingsAfter,
  refusal,
  reviewOf,
  until,
  write,
  written,
} from './reviews.fixture.ts'
import { loadSamples } from './samples/add-samples.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

const catalogue = loadCatalogue().map(({ id, title }) => ({ id, title }))

describe.each(engines)('what reviews asks and follows (%s)', (_, openDatabase) => {
  async function open(...args: Parameters<typeof openWorld> extends [unknown?, ...infer Rest] ? Rest : never) {
    const world = opened.use(await openWorld(openDatabase, ...args))
    return { world, running: opened.use(await world.start()) }
  }

  describe('whether a reader bought the book', () => {
    it('is asked again where transactions was away, and shown as not bought until then', async () => {
      const { world, running } = await open()
      world.bought.add('7 1')
      world.away.add('transactions')
      const review = await write(running, { readerId: 7, bookId: 1 })
      await write(running, { readerId: 8, bookId: 1 })
      expect(review.boughtHere).toBe(false)

      world.away.delete('transactions')
      const unknown = () => world.tables.selectFrom('reviews').select('id').where('bought_here', 'is', null).execute()
      await until(async () => (await unknown()).length === 0)

      const { reviews } = await running.client.listReviews({ bookId: 1, readerId: 7 })
      expect(reviews.map(({ isOwn, boughtHere }) => isOwn === boughtHere)).toEqual([true, true])
    })

    it('stays as it was where a review is changed while transactions is away', async () => {
      const { world, running } = await open()
      world.bought.add('7 1')
      await write(running, { readerId: 7, bookId: 1 })
      world.away.add('transactions')

      expect(await write(running, { readerId: 7, bookId: 1, stars: 1 })).toMatchObject({ boughtHere: true })
    })
  })

  describe('an account that is younger than a day', () => {
    it('writes three reviews an hour, changes included', async () => {
      const { world, running } = await open()
      world.accounts.set(7, { createdAt: new Date(Date.now() - 23 * hourMs) })
      await write(running, { readerId: 7, bookId: 1, stars: 3 })
      await write(running, { readerId: 7, bookId: 2 })
      await write(running, { readerId: 7, bookId: 1, stars: 4 })
      await write(running, { readerId: 7, bookId: 1, stars: 4 })

      const fourth = running.client.writeReview(written({ readerId: 7, bookId: 3 }))

      const tooMany = refusal(Status.RESOURCE_EXHAUSTED, 'TOO_MANY_REVIEWS')
      await expect(fourth).rejects.toMatchObject(tooMany)
      const error = await fourth.catch((reason: unknown) => reason)
      const seconds = Number(
        (error as { details: { retryInfo?: { retryDelay?: { seconds: number } } } }).details.retryInfo?.retryDelay
          ?.seconds,
      )
      expect([seconds > 1_800, seconds <= 3_600]).toEqual([true, true])

      world.pass(hourMs)
      await expect(write(running, { readerId: 7, bookId: 3 })).resolves.toMatchObject({ bookId: 3 })
    })

    it('is limited exactly, however many reviews come at once', async () => {
      const { world, running } = await open()
      world.accounts.set(7, { createdAt: new Date() })
      const bookIds = [1, 2, 3, 4, 5, 6, 7, 8, 9]

      const answers = await Promise.allSettled(
        bookIds.map((bookId) => running.client.writeReview(written({ readerId: 7, bookId }))),
      )

      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    })

    it('is taken for every account while accounts is away', async () => {
      const { world, running } = await open()
      world.away.add('accounts')
      for (const bookId of [1, 2, 3]) await write(running, { readerId: 7, bookId })

      const fourth = () => running.client.writeReview(written({ readerId: 7, bookId: 4 }))

      await expect(fourth()).rejects.toMatchObject(refusal(Status.RESOURCE_EXHAUSTED, 'TOO_MANY_REVIEWS'))
      world.away.delete('accounts')
      expect(reviewOf(await fourth()).bookId).toBe(4)
    })
  })

  describe('an account that was deleted', () => {
    it('leaves stars, text and votes, and nothing that names the reader', async () => {
      const { world, running } = await open()
      const { client } = running
      const own = await write(running, { readerId: 7, bookId: 1, stars: 2, name: 'Ada Lovelace' })
      const other = await write(running, { readerId: 8, bookId: 1, stars: 4 })
      await client.voteHelpful({ readerId: 7, reviewId: other.id, vote: 1 })
      await client.reportReview({ readerId: 7, reviewId: other.id, reason: 1, comment: 'I am Ada.' })

      world.deleteReader(7)
      const named = () => world.tables.selectFrom('reviews').select('id').where('reader_id', '=', 7).execute()
      await until(async () => (await named()).length === 0)

      const { reviews, rating } = await client.listReviews({ bookId: 1, sort: 4 })
      expect(reviews).toMatchObject([
        { id: own.id, name: '', stars: 2, title: own.title, text: own.text },
        { id: other.id, name: other.name, helpful: 1 },
      ])
      expect(rating).toMatchObject({ count: 2 })
      expect((await client.listReaderReviews({ readerId: 7 })).reviews).toEqual([])
      const everything = await Promise.all(
        (['reviews', 'votes', 'reports', 'reader_ratings'] as const).map((table) =>
          world.tables.selectFrom(table).selectAll().execute(),
        ),
      )
      expect(JSON.stringify(everything)).not.toMatch(/Lovelace|I am Ada|"reader_id":7\b/)
      await expect(client.writeReview(written({ readerId: 7, bookId: 2 }))).rejects.toMatchObject({
        code: Status.NOT_FOUND,
      })
    })
  })

  describe('books', () => {
    it('are known while inventory is away, in a new process, too', async () => {
      const { world, running } = await open()
      await running[Symbol.asyncDispose]()

      const next = opened.use(await world.start())

      expect(await write(next, { readerId: 7, bookId: 9 })).toMatchObject({ bookId: 9 })
    })

    it('are UNAVAILABLE, not unknown, before inventory has told any', async () => {
      const { world, running } = await open()
      await world.tables.updateTable('followed').set({ is_complete: false }).execute()
      await world.tables.deleteFrom('books').execute()

      await expect(running.client.writeReview(written({}))).rejects.toMatchObject({ code: Status.UNAVAILABLE })
    })
  })

  describe('the samples', () => {
    it('are in a store with the books of the catalogue: marked, counted, and no reader’s', async () => {
      const { running } = await open(catalogue)

      const { reviews, rating } = await running.client.listReviews({ bookId: 105, sort: 2, readerId: 1 })
      const expected = loadSamples().filter((sample) => sample.bookId === 105 && sample.text !== '')
      expect(reviews.map(({ name, isSample, isOwn, boughtHere }) => [name, isSample, isOwn, boughtHere])).toEqual(
        expected.toReversed().map(({ name }) => [name, true, false, false]),
      )
      const count = loadSamples().filter((sample) => sample.bookId === 105).length
      expect(rating).toMatchObject({ count, hasSamples: true })
      expect((await ratingsAfter(running, 0)).ratings).toEqual([])
    })

    it('come once: not after they were deleted and all books are told again', async () => {
      const { world, running } = await open(catalogue)
      await world.tables.deleteFrom('reviews').execute()
      await world.tables.updateTable('followed').set({ revision: 0 }).where('source', '=', 'inventory').execute()
      await running[Symbol.asyncDispose]()

      opened.use(await world.start())
      const revision = async () =>
        (await world.tables.selectFrom('followed').selectAll().execute()).map((row) => Number(row.revision))
      await until(async () => (await revision()).includes(catalogue.length))

      expect(await world.tables.selectFrom('reviews').select('id').execute()).toEqual([])
    })

    it.each([
      ['other books', catalogue.slice(0, 9).map(({ id }) => ({ id, title: `Imported ${id}` }))],
      ['further books', [...catalogue, { id: 1_000, title: 'Imported' }]],
      ['a book of another title', catalogue.map((book) => (book.id === 1 ? { id: 1, title: 'Imported' } : book))],
    ])('are not in a store with %s', async (__, books) => {
      const { world } = await open(books)

      expect(await world.tables.selectFrom('reviews').select('id').execute()).toEqual([])
    })
  })

  describe('WatchRatings', () => {
    it('tells the ratings of readers, then each change: a changed one again, a deleted one with 0 stars', async () => {
      const { running } = await open()
      await write(running, { readerId: 7, bookId: 1, stars: 5 })
      await write(running, { readerId: 8, bookId: 1, stars: 3, title: '', text: '' })
      const first = await ratingsAfter(running, 0)
      await write(running, { readerId: 7, bookId: 1, stars: 2 })
      await write(running, { readerId: 8, bookId: 1, stars: 3, text: 'With words that are long enough.' })
      const changed = await ratingsAfter(running, first.revision)
      await running.client.deleteReview({ readerId: 7, bookId: 1 })
      const deleted = await ratingsAfter(running, changed.revision)

      const rating = { bookId: 1, ratedAt: expect.any(Date) }
      expect(first.ratings).toEqual([
        { ...rating, readerId: 7, stars: 5 },
        { ...rating, readerId: 8, stars: 3 },
      ])
      expect(changed.ratings).toEqual([{ ...rating, readerId: 7, stars: 2 }])
      expect(deleted.ratings).toEqual([{ ...rating, readerId: 7, stars: 0 }])
      expect(await ratingsAfter(running, deleted.revision)).toEqual({ ratings: [], revision: deleted.revision })
    })
  })

  it('has samples of books of the catalogue, each long enough or stars alone', () => {
    const samples = loadSamples()

    expect(samples.length).toBeGreaterThanOrEqual(36)
    expect(samples.filter(({ bookId }) => !catalogue.some(({ id }) => id === bookId))).toEqual([])
    for (const { stars, title, text, name } of samples) {
      expect([1, 2, 3, 4, 5]).toContain(stars)
      expect(text === '' ? title === '' : text.length >= 20).toBe(true)
      expect(name).not.toBe('')
    }
  })
})

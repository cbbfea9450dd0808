import { setTimeout as delay, setImmediate } from 'node:timers/promises'
import { BookRating, type GetRatingsRequest, type GetRatingsResponse } from '@books/proto'
import { unavailable } from '@books/rpc'
import { silentLog } from '@books/runtime/testing'
import { describe, expect, it } from '@jest/globals'
import { type BackendSettings, createBackend } from './backend.ts'
import { createFindRatings, type FoundRatings } from './ratings.ts'

const long = 60_000

describe('the ratings of books', () => {
  it('are one call for those that are not cached, each of them once', async () => {
    using reviews = openReviews({ FRESH_MS: long })
    await reviews.find([1, 2])

    const found = await reviews.find([2, 3, 1, 4, 3])

    expect(reviews.calls).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(meansOf(found)).toEqual({ 1: 1, 2: 2, 3: 3, 4: 4 })
    expect(found.fallback).toBeUndefined()
  })

  it('are no call where there is nothing to ask', async () => {
    using reviews = openReviews()

    expect(await reviews.find([])).toEqual({ ratings: new Map(), fallback: undefined })
    expect(reviews.calls).toEqual([])
  })

  it('are one call for pages that ask at the same time', async () => {
    using reviews = openReviews()

    const found = await Promise.all([reviews.find([1, 2]), reviews.find([1, 2])])

    expect(found.map(meansOf)).toEqual([
      { 1: 1, 2: 2 },
      { 1: 1, 2: 2 },
    ])
    expect(reviews.calls).toEqual([[1, 2]])
  })

  it('are shown at once while they are stale, and fetched in the background', async () => {
    using reviews = openReviews({ STALE_MS: long })
    await reviews.find([1])
    reviews.addedTo = 3
    const asked = reviews.nextCall()

    const stale = await reviews.find([1])
    await asked

    expect(meansOf(stale)).toEqual({ 1: 1 })
    let newer: Record<string, number> = {}
    while (newer['1'] !== 4) {
      await setImmediate()
      newer = meansOf(await reviews.find([1]))
    }
  })

  it('are those that were cached, and marked, where the service does not answer', async () => {
    using reviews = openReviews()
    await reviews.find([1])
    reviews.fail = true

    const found = await reviews.find([1, 2])

    expect([meansOf(found), found.fallback]).toEqual([{ 1: 1 }, 'reviews'])
  })

  it('are still taken from an answer that comes at once, where the page has waited for all of its time', async () => {
    using reviews = openReviews({}, { secondaryMs: 20_000 })
    // Timers are in order, however late they are: this one is after one without a wait.
    reviews.answer = delay(2, { ratings: [BookRating.fromPartial({ bookId: 1, mean: 1, count: 1 })] })

    const found = await reviews.find([1], performance.now() - 30_000)

    expect([meansOf(found), found.fallback]).toEqual([{ 1: 1 }, undefined])
  })

  it('are not waited for any longer than the page has waited already', async () => {
    using reviews = openReviews({}, { secondaryMs: 20_000 })
    reviews.answer = new Promise(() => {})

    const found = await reviews.find([1], performance.now() - 20_000)

    expect([found.ratings.size, found.fallback]).toEqual([0, 'reviews'])
  })
})

function openReviews(settings: Partial<BackendSettings> = {}, { secondaryMs = long } = {}) {
  const own = { FRESH_MS: 0, STALE_MS: 0, REST_MS: long, REMEMBERED_ANSWERS: 100, ...settings }
  const backend = createBackend('reviews', { ...own, pageMs: long, secondaryMs }, silentLog)
  let called = Promise.withResolvers<void>()
  const reviews = {
    calls: [] as number[][],
    fail: false,
    /** What is added to the mean, which is the id of the book. */
    addedTo: 0,
    answer: undefined as Promise<GetRatingsResponse> | undefined,
    nextCall() {
      called = Promise.withResolvers<void>()
      return called.promise
    },
    find: (ids: number[], since = performance.now()) => find(ids, since),
    [Symbol.dispose]: backend.close,
  }
  async function getRatings({ bookIds }: GetRatingsRequest): Promise<GetRatingsResponse> {
    reviews.calls.push(bookIds)
    called.resolve()
    if (reviews.fail) throw unavailable('No connection')
    const ratings = bookIds.map((bookId) =>
      BookRating.fromPartial({ bookId, mean: bookId + reviews.addedTo, count: 1 }),
    )
    return reviews.answer ?? { ratings }
  }
  const find = createFindRatings(backend, getRatings, own)
  return reviews
}

function meansOf({ ratings }: FoundRatings): Record<string, number> {
  return Object.fromEntries([...ratings].map(([id, { mean }]) => [id, mean]))
}

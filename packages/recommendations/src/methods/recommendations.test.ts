import { loadCatalogue } from '@books/catalogue'
import { BookCategory, type BookRecommendation, RecommendationsService } from '@books/proto'
import { type Client, Status, service } from '@books/rpc'
import { serve, type TestServer } from '@books/rpc/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { array, assert, asyncProperty, boolean, constantFrom, integer, record } from 'fast-check'
import { createRecommender } from '../model/recommender.ts'
import { preferencesOf } from '../readers/history.ts'
import type { Kind } from '../readers/interaction.ts'
import { createStoreInMemory, demoReaders, snapshotOf, trainOn } from '../store.fixture.ts'
import { createRecommendations } from './recommendations.ts'

const books = loadCatalogue()
const bookIds = books.map(({ id }) => id)
const readers = demoReaders()
let server: TestServer
let client: Client<typeof RecommendationsService>

beforeAll(async () => {
  const current = await snapshotOf(readers, { name: 'trained', bytes: await trainOn(readers) })
  const recommender = createRecommender({ readers, snapshots: { current } })
  const methods = createRecommendations({
    ...{ recommender, readers },
    store: createStoreInMemory(),
    onRecorded() {},
    now: () => new Date(),
  })
  server = await serve([service(RecommendationsService, methods)])
  client = server.client(RecommendationsService)
})
afterAll(() => server.stop())

describe('Recommend', () => {
  it('answers the first contract: three mysteries for a reader, the same ones each time', async () => {
    const { recommendations } = await client.recommend({ userId: 1, category: BookCategory.MYSTERY, maxResults: 3 })
    const again = await client.recommend({ userId: 1, category: BookCategory.MYSTERY, maxResults: 3 })

    expect(recommendations.map(({ category }) => category)).toEqual(Array(3).fill(BookCategory.MYSTERY))
    expect(recommendations).toEqual(again.recommendations)
  })

  it('is personal: different readers get different books, each with the book of the history that it is recommended for', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((userId) => client.recommend({ userId, allCategories: true, maxResults: 10 })),
    )

    expect(new Set(answers.map(({ recommendations }) => titlesOf(recommendations).join())).size).toBe(5)
    for (const [index, { recommendations }] of answers.entries()) {
      const { liked } = preferencesOf(readers.historyOf(index + 1))
      for (const { becauseOfId } of recommendations) expect(liked.bookIds).toContain(becauseOfId)
    }
  })

  it('uses the liked ids of a reader without an account: after three space operas, no romance', async () => {
    const likedIds = ['Foundation', 'Hyperion', 'A Fire Upon the Deep'].map(idOf)

    const { recommendations } = await client.recommend({ userId: 0, allCategories: true, maxResults: 10, likedIds })

    const categoriesSeen = recommendations.map(({ category }) => category)
    expect(categoriesSeen).not.toContain(BookCategory.ROMANCE)
    expect(
      categoriesSeen.filter((category) => category === BookCategory.SCIENCE_FICTION).length,
    ).toBeGreaterThanOrEqual(5)
  })

  it('counts more what a reader liked last', async () => {
    const operas = ['Foundation', 'Hyperion', 'A Fire Upon the Deep'].map(idOf)
    const romances = books.filter(({ category }) => category === 'ROMANCE').map(({ id }) => id)
    act(1_001, 'liked', [...operas, ...romances.slice(0, 3)])
    act(1_002, 'liked', [...romances.slice(0, 3), ...operas])
    const operasFor = async (userId: number) => {
      const { recommendations } = await client.recommend({ userId, allCategories: true, maxResults: 20 })
      return recommendations.filter(({ category }) => category === BookCategory.SCIENCE_FICTION).length
    }

    expect(await operasFor(1_002)).toBeGreaterThan(await operasFor(1_001))
  })

  it('takes liked ids for newer than what is recorded, and the first for the newest', async () => {
    const [first = 0, second = 0, ...others] = ['Foundation', 'Hyperion', 'A Fire Upon the Deep', 'Emma'].map(idOf)
    act(1_003, 'liked', [...others.toReversed(), second, first])
    act(1_004, 'liked', others.toReversed())
    const ask = async (userId: number, likedIds: number[] = []) =>
      (await client.recommend({ userId, likedIds, allCategories: true, maxResults: 20 })).recommendations

    expect(await ask(1_004, [first, second])).toEqual(await ask(1_003))
    expect(await ask(0, [first, second, ...others])).toEqual(await ask(1_003))
  })

  it('takes views for a small sign of what a reader may like, without a reason, and may recommend what was viewed', async () => {
    const operas = ['Foundation', 'Hyperion', 'A Fire Upon the Deep'].map(idOf)
    act(1_005, 'viewed', operas)

    const { recommendations } = await client.recommend({ userId: 1_005, allCategories: true, maxResults: 10 })
    const all = await client.recommend({ userId: 1_005, category: BookCategory.SCIENCE_FICTION, maxResults: 100 })

    expect(
      recommendations.filter(({ category }) => category === BookCategory.SCIENCE_FICTION).length,
    ).toBeGreaterThanOrEqual(5)
    expect(recommendations[0]).toMatchObject({ popular: undefined, becauseOfId: undefined })
    expect(recommendations[0]?.score).toBeGreaterThan(0)
    expect(all.recommendations.map(({ id }) => id)).toEqual(expect.arrayContaining(operas))
  })

  it('recommends popular books to an unknown reader, and marks them', async () => {
    const { recommendations } = await client.recommend({ userId: 0, category: BookCategory.HORROR, maxResults: 5 })

    expect(recommendations).toHaveLength(5)
    for (const book of recommendations) expect(book).toMatchObject({ popular: true, becauseOfId: undefined, score: 0 })
  })

  it('chooses from several categories', async () => {
    const { recommendations } = await client.recommend({
      userId: 1,
      category: BookCategory.HISTORY,
      moreCategories: [BookCategory.SCIENCE],
      maxResults: 100,
    })

    expect(new Set(recommendations.map(({ category }) => category))).toEqual(
      new Set([BookCategory.HISTORY, BookCategory.SCIENCE]),
    )
  })

  it('combines books of a category and the best of all categories in one answer', async () => {
    const likedIds = ['Foundation', 'Hyperion', 'A Fire Upon the Deep'].map(idOf)
    const asked = { userId: 0, category: BookCategory.MYSTERY, likedIds }
    const ask = async (request: object) => (await client.recommend({ ...asked, ...request })).recommendations

    const both = await ask({ allCategories: true, maxResults: 12, minOfCategory: 3 })

    const best = await ask({ allCategories: true, maxResults: 12 })
    const mysteries = await ask({ maxResults: 3 })
    expect(titlesOf(best)).not.toContain(mysteries[0]?.title)
    expect(titlesOf(both)).toEqual([...titlesOf(best).slice(0, 9), ...titlesOf(mysteries)])
  })

  it('gives none for 0, at most a hundred, and all of a category that has fewer', async () => {
    const counts = [0, 100, 5_000].map(async (maxResults) => {
      const { recommendations } = await client.recommend({ userId: 0, allCategories: true, maxResults })
      return recommendations.length
    })
    const mysteries = await client.recommend({ userId: 0, category: BookCategory.MYSTERY, maxResults: 100 })

    expect(await Promise.all(counts)).toEqual([0, 100, 100])
    expect(mysteries.recommendations).toHaveLength(26)
  })

  it('applies every filter to any request', async () => {
    const ids = array(constantFrom(...bookIds, 0, -1, 999_999), { maxLength: 60 })
    const request = record({
      userId: integer({ min: -1, max: 520 }),
      category: constantFrom(...realCategories()),
      moreCategories: array(constantFrom(...realCategories()), { maxLength: 3 }),
      allCategories: boolean(),
      maxResults: integer({ min: 0, max: 120 }),
      minOfCategory: integer({ min: 0, max: 40 }),
      likedIds: ids,
      dislikedIds: ids,
      excludeIds: ids,
    })

    await assert(
      asyncProperty(request, async (asked) => {
        const { recommendations } = await client.recommend(asked)

        const { liked, disliked } = preferencesOf(readers.historyOf(asked.userId))
        const said = new Set(asked.likedIds)
        const banned = new Set([
          ...asked.excludeIds,
          ...asked.dislikedIds,
          ...asked.likedIds,
          ...liked.bookIds,
          ...disliked.filter((id) => !said.has(id)),
        ])
        const allowed = [asked.category, ...asked.moreCategories]
        const possible = books.filter(
          ({ id, category }) => !banned.has(id) && (asked.allCategories || allowed.includes(BookCategory[category])),
        )
        expect(recommendations.filter(({ id }) => !possible.some((book) => book.id === id))).toEqual([])
        expect(new Set(recommendations.map(({ id }) => id)).size).toBe(recommendations.length)
        const limit = Math.min(asked.maxResults, 100)
        expect(recommendations).toHaveLength(Math.min(limit, possible.length))
        const isAsked = ({ category }: { category: unknown }) => category === asked.category
        const most = possible.filter(({ category }) => isAsked({ category: BookCategory[category] })).length
        expect(recommendations.filter(isAsked).length).toBeGreaterThanOrEqual(
          Math.min(asked.minOfCategory, limit, most),
        )
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    ['max_results', { maxResults: -1 }],
    ['min_of_category', { minOfCategory: -1 }],
    ['liked_ids', { likedIds: Array(1_001).fill(1) }],
    ['disliked_ids', { dislikedIds: Array(1_001).fill(1) }],
    ['exclude_ids', { excludeIds: Array(1_001).fill(1) }],
  ])('refuses an invalid %s, and names the field', async (field, wrong) => {
    await expect(client.recommend({ userId: 1, maxResults: 3, ...wrong })).rejects.toMatchObject({
      code: Status.INVALID_ARGUMENT,
      details: { badRequest: { fieldViolations: [{ field }] } },
    })
  })

  it.each([{ category: 99 as BookCategory }, { moreCategories: [99 as BookCategory] }])(
    'refuses a category that the contract does not have: %j',
    async (wrong) => {
      await expect(client.recommend({ userId: 1, maxResults: 3, ...wrong })).rejects.toMatchObject({
        code: Status.NOT_FOUND,
        message: 'Category not found',
      })
    },
  )
})

describe('RecommendSimilar', () => {
  it('answers books that readers of one like, too, without that one and excluded ones', async () => {
    const first = await client.recommendSimilar({ bookId: 4, maxResults: 5 })
    const [best] = first.recommendations
    const second = await client.recommendSimilar({ bookId: 4, maxResults: 5, excludeIds: [best?.id ?? 0] })

    expect(first.recommendations.map(({ becauseOfId }) => becauseOfId)).toEqual(Array(5).fill(4))
    expect(first.recommendations.map(({ id }) => id)).not.toContain(4)
    expect(second.recommendations.slice(0, 4)).toEqual(first.recommendations.slice(1))
  })

  it('answers NOT_FOUND for a book that the store does not have', async () => {
    await expect(client.recommendSimilar({ bookId: 99_999, maxResults: 5 })).rejects.toMatchObject({
      code: Status.NOT_FOUND,
      message: 'Book not found',
    })
  })
})

/** Has a reader do this with each book, a day after the other. */
function act(readerId: number, kind: Kind, ids: readonly number[]): void {
  for (const [day, bookId] of ids.entries()) {
    const time = new Date(Date.UTC(2026, 0, 1 + day))
    readers.add({ id: `${kind}-${readerId}-${bookId}`, readerId, bookId, kind, rating: 0, time })
  }
}

function realCategories(): BookCategory[] {
  return Object.entries(BookCategory).flatMap(([name, value]) => (name === 'UNRECOGNIZED' ? [] : value))
}

function idOf(title: string): number {
  return books.find((book) => book.title === title)?.id ?? 0
}

function titlesOf(recommendations: readonly BookRecommendation[]): string[] {
  return recommendations.map(({ title }) => title)
}

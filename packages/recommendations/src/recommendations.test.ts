import { type Book, loadCatalogue } from '@books/catalogue'
import { BookCategory, RecommendationsService } from '@books/proto'
import { Status, service } from '@books/rpc'
import { inProcess } from '@books/rpc/testing'
import { describe, expect, it } from '@jest/globals'
import { createRecommendations } from './recommendations.ts'
import { createRandomRecommender } from './recommender.ts'

const falcon: Book = { id: 1, title: 'The Maltese Falcon', author: 'Dashiell Hammett', year: 1930, category: 'MYSTERY' }
const dune: Book = {
  id: 6,
  title: 'The Dune Chronicles',
  author: 'Frank Herbert',
  year: 1965,
  category: 'SCIENCE_FICTION',
}

describe('Recommend', () => {
  it('suggests only books of the asked category, with all that is known of them', async () => {
    const client = clientOf([falcon, dune])

    const { recommendations } = await client.recommend({ userId: 1, category: BookCategory.MYSTERY, maxResults: 5 })

    expect(recommendations).toEqual([
      { id: 1, title: 'The Maltese Falcon', author: 'Dashiell Hammett', category: BookCategory.MYSTERY },
    ])
  })

  it('suggests as many distinct books as asked', async () => {
    const client = clientOf(loadCatalogue())

    const { recommendations } = await client.recommend({ userId: 1, category: BookCategory.HORROR, maxResults: 20 })

    expect(new Set(recommendations.map(({ id }) => id)).size).toBe(20)
  })

  it('suggests at most a hundred', async () => {
    const mysteries = Array.from({ length: 120 }, (_, index) => ({ ...falcon, id: index + 1 }))
    const client = clientOf(mysteries)

    const { recommendations } = await client.recommend({ userId: 1, category: BookCategory.MYSTERY, maxResults: 1_000 })

    expect(recommendations).toHaveLength(100)
  })

  it('suggests nothing when asked for nothing', async () => {
    const client = clientOf([falcon])

    expect(await client.recommend({ userId: 1, category: BookCategory.MYSTERY, maxResults: 0 })).toEqual({
      recommendations: [],
    })
  })

  it('suggests nothing from a shelf without books', async () => {
    const client = clientOf([falcon])

    expect(await client.recommend({ userId: 1, category: BookCategory.ROMANCE, maxResults: 3 })).toEqual({
      recommendations: [],
    })
  })

  it('refuses a negative number of books, and names the field', async () => {
    const client = clientOf([falcon])

    await expect(client.recommend({ userId: 1, category: BookCategory.MYSTERY, maxResults: -1 })).rejects.toMatchObject(
      {
        code: Status.INVALID_ARGUMENT,
        details: { badRequest: { fieldViolations: [{ field: 'max_results', description: 'must not be negative' }] } },
      },
    )
  })

  it('knows no category that the contract does not', async () => {
    const client = clientOf([falcon])
    const category = 99 as BookCategory

    await expect(client.recommend({ userId: 1, category, maxResults: 3 })).rejects.toMatchObject({
      code: Status.NOT_FOUND,
      message: 'Category not found',
    })
  })

  it.each(Object.entries(BookCategory).filter(([name]) => name !== 'UNRECOGNIZED'))(
    'has books in %s',
    async (_, category) => {
      const client = clientOf(loadCatalogue())

      const { recommendations } = await client.recommend({ userId: 1, category, maxResults: 3 })

      expect(recommendations.map((book) => book.category)).toEqual([category, category, category])
    },
  )
})

function clientOf(books: readonly Book[]) {
  const recommender = createRandomRecommender(books, Math.random)
  return inProcess([service(RecommendationsService, createRecommendations({ recommender }))]).client(
    RecommendationsService,
  )
}

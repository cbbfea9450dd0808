import { describe, expect, it } from '@jest/globals'
import { bookIndex } from '../store.fixture.ts'
import { demoReaderCount, simulateReaders } from './demo-readers.ts'

const books = bookIndex.listBooks()
const interactions = [...simulateReaders(books)]

describe('the simulated readers', () => {
  it('are the same for the same seed, and others for another', () => {
    expect([...simulateReaders(books)]).toEqual(interactions)
    expect([...simulateReaders(books, 2)]).not.toEqual(interactions)
  })

  it('are 500, are named as simulated, and did between 1 and 40 things each', () => {
    const byReader = Map.groupBy(interactions, ({ readerId }) => readerId)

    expect([...byReader.keys()].toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: demoReaderCount }, (_, index) => index + 1),
    )
    for (const did of byReader.values()) expect(did.length).toBeLessThanOrEqual(40)
    expect(interactions.every(({ id }) => /^simulated-\d+-\d+$/.test(id))).toBe(true)
  })

  it('have preferences: most of what a reader likes is of three categories', () => {
    const categoryOf = new Map(books.map(({ id, category }) => [id, category]))
    const likes = interactions.filter(({ kind }) => kind !== 'disliked')
    const shares = [...Map.groupBy(likes, ({ readerId }) => readerId).values()].map((liked) => {
      const counts = [...Map.groupBy(liked, ({ bookId }) => categoryOf.get(bookId)).values()].map(
        ({ length }) => length,
      )
      return (
        counts
          .toSorted((one, other) => other - one)
          .slice(0, 3)
          .reduce((sum, count) => sum + count, 0) / liked.length
      )
    })

    // Three of twelve categories by chance would be a quarter.
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeGreaterThan(0.7)
  })
})

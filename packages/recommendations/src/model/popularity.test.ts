import { describe, expect, it } from '@jest/globals'
import { bookIndex, readersOf } from '../store.fixture.ts'
import { popularityOf, rankByScore } from './popularity.ts'

const [one, other] = bookIndex.listBooks()
const halfLifeMs = 180 * 24 * 60 * 60 * 1000

describe('popularityOf', () => {
  it('halves a like with each half-life, and leaves out dislikes', async () => {
    const readers = readersOf([
      did('liked', 1, one!.id, 2),
      did('liked', 1, other!.id, 1),
      did('liked', 2, other!.id, 0),
      did('disliked', 2, one!.id, 2),
    ])

    expect([...popularityOf(bookIndex, await readers.pack()).slice(0, 3)]).toEqual([1, 0.75, 0])
  })
})

describe('rankByScore', () => {
  it('puts high scores first, and low ids among equals', () => {
    expect([...rankByScore([1, 5, 1, 7])]).toEqual([3, 1, 0, 2])
  })
})

function did(kind: 'liked' | 'disliked', readerId: number, bookId: number, halfLives: number) {
  return { id: `${readerId}-${bookId}`, readerId, bookId, kind, rating: 0, time: new Date(halfLives * halfLifeMs) }
}

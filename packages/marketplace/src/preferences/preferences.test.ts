import { describe, expect, it } from '@jest/globals'
import {
  booksOf,
  decodeTaste,
  encodeTaste,
  mostOpinions,
  type Taste,
  withOpinion,
  withoutOpinion,
} from './preferences.ts'

const some: Taste = [
  { bookId: 7, verdict: 'liked' },
  { bookId: 3, verdict: 'disliked' },
]

describe('a taste', () => {
  it('has the newest opinion first, and one of each book', () => {
    const changed = withOpinion(some, { bookId: 3, verdict: 'liked' })

    expect(booksOf(changed, 'liked')).toEqual([3, 7])
    expect(booksOf(changed, 'disliked')).toEqual([])
  })

  it('lets go of the oldest', () => {
    const full = Array.from({ length: mostOpinions + 1 }, (_, index) => index + 1).reduce<Taste>(
      (taste, bookId) => withOpinion(taste, { bookId, verdict: 'liked' }),
      [],
    )

    expect(full).toHaveLength(mostOpinions)
    expect([full[0]?.bookId, full.at(-1)?.bookId]).toEqual([mostOpinions + 1, 2])
  })

  it('forgets one', () => {
    expect(withoutOpinion(some, 7)).toEqual([{ bookId: 3, verdict: 'disliked' }])
  })

  it('is read as it was written', () => {
    expect(decodeTaste(encodeTaste(some))).toEqual(some)
    expect(encodeTaste(some)).toBe('7.-3')
    expect(decodeTaste('')).toEqual([])
  })

  it.each([
    'x',
    '0',
    '1..2',
    '1.5x',
    '1e99',
    '2147483648',
    '4.-4',
    '1,2',
    Array(mostOpinions + 1)
      .keys()
      .toArray()
      .join('.'),
  ])('is not read from %s', (text) => {
    expect(decodeTaste(text)).toEqual([])
  })
})

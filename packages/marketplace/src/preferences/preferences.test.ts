import { describe, expect, it } from '@jest/globals'
import {
  booksOf,
  decodePreferences,
  encodePreferences,
  maxOpinions,
  type Preferences,
  withOpinion,
  withoutOpinion,
} from './preferences.ts'

const some: Preferences = [
  { bookId: 7, verdict: 'liked' },
  { bookId: 3, verdict: 'disliked' },
]

describe('preferences', () => {
  it('have the newest opinion first, and one about each book', () => {
    const changed = withOpinion(some, { bookId: 3, verdict: 'liked' })

    expect(booksOf(changed, 'liked')).toEqual([3, 7])
    expect(booksOf(changed, 'disliked')).toEqual([])
  })

  it('drop the oldest opinion', () => {
    const full = Array.from({ length: maxOpinions + 1 }, (_, index) => index + 1).reduce<Preferences>(
      (preferences, bookId) => withOpinion(preferences, { bookId, verdict: 'liked' }),
      [],
    )

    expect(full).toHaveLength(maxOpinions)
    expect([full[0]?.bookId, full.at(-1)?.bookId]).toEqual([maxOpinions + 1, 2])
  })

  it('lose one opinion', () => {
    expect(withoutOpinion(some, 7)).toEqual([{ bookId: 3, verdict: 'disliked' }])
  })

  it('are decoded as they were encoded', () => {
    expect(decodePreferences(encodePreferences(some))).toEqual(some)
    expect(encodePreferences(some)).toBe('7.-3')
    expect(decodePreferences('')).toEqual([])
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
    Array(maxOpinions + 1)
      .keys()
      .toArray()
      .join('.'),
  ])('are not decoded from %s', (text) => {
    expect(decodePreferences(text)).toEqual([])
  })
})

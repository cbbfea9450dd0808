import { describe, expect, it } from '@jest/globals'
import { readersOf } from '../store.fixture.ts'
import { type Interaction, type Kind, preferenceOf } from './interaction.ts'
import { createReaders } from './readers.ts'

describe('preferenceOf', () => {
  it.each([
    ['viewed', 0, undefined],
    ['liked', 0, 'likes'],
    ['bought', 0, 'likes'],
    ['disliked', 0, 'dislikes'],
    ['rated', 2, 'dislikes'],
    ['rated', 3, 'likes'],
  ] as const)('takes %s (%d) for %s', (kind, rating, preference) => {
    expect(preferenceOf({ kind, rating })).toBe(preference)
  })
})

describe('a reader', () => {
  it('has a history, newest first', () => {
    const readers = readersOf([did('liked', 1, 10), did('bought', 2, 30), did('rated', 3, 20)])

    expect(readers.profileOf(7)).toEqual({ history: [2, 3, 1], disliked: new Set() })
  })

  it('may change a preference, and the newest counts, in any order of adding', () => {
    const readers = readersOf([
      did('disliked', 1, 20),
      did('liked', 1, 10),
      did('liked', 2, 10),
      did('disliked', 2, 20),
    ])

    expect(readers.profileOf(7)).toEqual({ history: [], disliked: new Set([1, 2]) })
  })

  it('is not changed by a view, nor by the same interaction again', () => {
    const readers = readersOf([did('liked', 1, 10), did('viewed', 1, 20), did('liked', 1, 10)])

    expect(readers.profileOf(7).history).toEqual([1])
    expect([...readers.listPreferences()]).toEqual([new Map([[1, { preference: 'likes', time: new Date(10) }]])])
  })

  it('without interactions has no preferences', () => {
    expect(createReaders().profileOf(1)).toEqual({ history: [], disliked: new Set() })
  })
})

function did(kind: Kind, bookId: number, time: number): Interaction {
  return {
    id: `${kind}-${bookId}-${time}`,
    readerId: 7,
    bookId,
    kind,
    rating: kind === 'rated' ? 5 : 0,
    time: new Date(time),
  }
}

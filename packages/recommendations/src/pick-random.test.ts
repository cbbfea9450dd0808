import { describe, expect, it } from '@jest/globals'
import { pickRandom } from './pick-random.ts'

const letters = ['a', 'b', 'c', 'd'] as const

describe('pickRandom', () => {
  it('picks what chance says, each item at most once', () => {
    expect(pickRandom(letters, 4, () => 0)).toEqual(['a', 'b', 'c', 'd'])
    expect(pickRandom(letters, 4, () => 0.99)).toEqual(['d', 'a', 'b', 'c'])
  })

  it('gives all there are when asked for more', () => {
    expect(pickRandom(letters, 9, Math.random).toSorted()).toEqual(letters)
  })

  it('gives none when asked for none, or from none', () => {
    expect(pickRandom(letters, 0, Math.random)).toEqual([])
    expect(pickRandom([], 3, Math.random)).toEqual([])
  })

  it('leaves the items as they were, and gives each the same chance', () => {
    const times = new Map<string, number>(letters.map((letter) => [letter, 0]))
    // A full period of a small generator: every state once, so the counts are exact on each run.
    let state = 1
    const random = () => {
      state = (state * 1_664_525 + 1_013_904_223) % 2 ** 16
      return state / 2 ** 16
    }

    for (let round = 0; round < 2 ** 16; round++) {
      for (const letter of pickRandom(letters, 1, random)) times.set(letter, (times.get(letter) ?? 0) + 1)
    }

    expect(letters).toEqual(['a', 'b', 'c', 'd'])
    expect([...times.values()]).toEqual([16_384, 16_384, 16_384, 16_384])
  })
})

import { describe, expect, it } from '@jest/globals'
import { assert, property, string } from 'fast-check'
import { editDistance, maxEditDistance } from './edit-distance.ts'

describe('the edit distance', () => {
  it.each([
    ['hobbit', 'hobbit', 0],
    ['hobit', 'hobbit', 1],
    ['hobbbit', 'hobbit', 1],
    ['hobbet', 'hobbit', 1],
    ['hobibt', 'hobbit', 1],
    ['dnue', 'dune', 1],
    ['cristi', 'christie', 2],
    ['', 'dune', 4],
    ['𝔾odel', 'godel', 1],
  ])('of %j and %j: %i', (typed, meant, distance) => {
    expect(editDistance(typed, meant)).toBe(distance)
    expect(editDistance(meant, typed)).toBe(distance)
  })

  it('is 0 between a word and itself, and never more than the letters of the longer word', () => {
    assert(
      property(string({ maxLength: 12 }), string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, a)).toBe(0)
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(Array.from(a).length, Array.from(b).length))
      }),
    )
  })

  it.each([
    ['war', 0],
    ['dune', 1],
    ['orwells', 1],
    ['christie', 2],
    ['1984', 0],
  ])('that is corrected depends on the length: %s', (word, distance) => {
    expect(maxEditDistance(word)).toBe(distance)
  })
})

import { describe, expect, it } from '@jest/globals'
import { assert, property, string } from 'fast-check'
import { forgivenSlips, slipsBetween } from './edit-distance.ts'

describe('slips', () => {
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
  ])('counts what makes %j of %j: %i', (typed, meant, slips) => {
    expect(slipsBetween(typed, meant)).toBe(slips)
    expect(slipsBetween(meant, typed)).toBe(slips)
  })

  it('are none between a word and itself, and never more than its letters', () => {
    assert(
      property(string({ maxLength: 12 }), string({ maxLength: 12 }), (a, b) => {
        expect(slipsBetween(a, a)).toBe(0)
        expect(slipsBetween(a, b)).toBeLessThanOrEqual(Math.max(Array.from(a).length, Array.from(b).length))
      }),
    )
  })

  it.each([
    ['war', 0],
    ['dune', 1],
    ['orwells', 1],
    ['christie', 2],
    ['1984', 0],
  ])('are forgiven by length: %s', (word, slips) => {
    expect(forgivenSlips(word)).toBe(slips)
  })
})

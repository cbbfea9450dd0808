import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createTopItems } from './top-items.ts'

const scores = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 })
const limits = fc.integer({ min: 0, max: 10 })

describe('createTopItems', () => {
  it('keeps what sorting puts first, in any order of offers', () => {
    fc.assert(
      fc.property(scores, limits, fc.integer(), (list, limit, rotation) => {
        const offers = [...list.entries()]
        const sorted = offers.toSorted(([item, score], [other, otherScore]) => otherScore - score || item - other)

        expect(takeSorted(rotate(offers, rotation), limit)).toEqual(sorted.slice(0, limit).map(([item]) => item))
      }),
    )
  })

  it('can be used again with another limit', () => {
    const top = createTopItems(3)
    const items = new Int32Array(3)
    for (const limit of [3, 1]) {
      top.clear(limit)
      for (const item of [4, 5, 6]) top.offer(item, item)

      expect(top.take(items, new Float64Array(3))).toBe(limit)
    }
  })
})

function takeSorted(offers: readonly (readonly [number, number])[], limit: number) {
  const top = createTopItems(10)
  top.clear(limit)
  for (const [item, score] of offers) if (score >= top.floor()) top.offer(item, score)

  const items = new Int32Array(10)
  return [...items.subarray(0, top.takeSorted(items, new Float64Array(10)))]
}

function rotate<T>(list: readonly T[], by: number) {
  const at = list.length > 0 ? Math.abs(by) % list.length : 0
  return [...list.slice(at), ...list.slice(0, at)]
}

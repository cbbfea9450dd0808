import { describe, expect, it } from '@jest/globals'
import { placings, planCheckout } from './checkout-plan.ts'
import { createRandom } from './random.ts'

const shelves = { plenty: [1, 2, 3, 4, 5], scarce: [6, 7] }
const plansOf = (seed: number, count = 500) => {
  const random = createRandom(seed, 'customer 1')
  return Array.from({ length: count }, () => planCheckout(random, shelves))
}

describe('planCheckout', () => {
  it('repeats a seed, and plans otherwise for another', () => {
    expect(plansOf(1)).toEqual(plansOf(1))
    expect(plansOf(1)).not.toEqual(plansOf(2))
  })

  it('plans each manner about as often as its weight says', () => {
    const counts = Map.groupBy(plansOf(3, 5_000), ({ placing }) => placing)

    for (const [name, weight] of Object.entries(placings)) {
      const share = (counts.get(name as keyof typeof placings)?.length ?? 0) / 5_000
      expect(Math.abs(share - weight / 100)).toBeLessThan(0.03)
    }
  })

  it('orders each book in one line, and enough for the promotion where that is raced', () => {
    for (const { lines, placing } of plansOf(4)) {
      expect(new Set(lines.map(({ bookId }) => bookId)).size).toBe(lines.length)
      if (placing === 'two carts') expect(lines.reduce((sum, { copies }) => sum + copies, 0)).toBeGreaterThan(2)
    }
  })
})

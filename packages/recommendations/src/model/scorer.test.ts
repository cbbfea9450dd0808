import { beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createSyntheticReaders } from '../../bench/synthetic-readers.ts'
import { createInteractions } from '../training/interactions.ts'
import { trainModel } from '../training/train-model.ts'
import type { Model } from './model.ts'
import { createScorer, type Scorer } from './scorer.ts'

const itemCount = 300
const items = fc.integer({ min: 0, max: itemCount - 1 })
let model: Model
let scorer: Scorer

beforeAll(async () => {
  const readers = createSyntheticReaders({ readers: 200, items: itemCount, interactions: 4000, seed: 3 })
  model = await trainModel(createInteractions(readers, itemCount))
  scorer = createScorer(model)
})

describe('recommend', () => {
  it('returns distinct allowed items outside the history, up to the limit', () => {
    fc.assert(
      fc.property(
        fc.array(items),
        fc.uniqueArray(items),
        fc.array(items),
        fc.nat({ max: 50 }),
        (history, denials, excluded, limit) => {
          const denied = Uint8Array.from({ length: itemCount }, (_, item) => (denials.includes(item) ? 1 : 0))
          const isAllowed = (item: number) => ![...denials, ...excluded, ...history].includes(item)
          const picks = scorer.recommend({ history, limit, denied, excluded }).map(({ item }) => item)

          expect(new Set(picks).size).toBe(picks.length)
          expect(picks.every(isAllowed)).toBe(true)
          expect(picks).toHaveLength(
            Math.min(limit, Array.from({ length: itemCount }, (_, item) => item).filter(isAllowed).length),
          )
        },
      ),
    )
  })

  it('puts the best first, and gives each a reason from the history', () => {
    fc.assert(
      fc.property(fc.array(items, { minLength: 1 }), (history) => {
        const picks = scorer.recommend({ history, limit: 20 })
        const scored = picks.filter(({ score }) => score > 0)

        expect(picks.map(({ score }) => score)).toEqual(picks.map(({ score }) => score).toSorted((a, b) => b - a))
        expect(scored.every(({ reason }) => history.includes(reason!))).toBe(true)
        expect(picks.slice(scored.length).every(({ reason }) => reason === undefined)).toBe(true)
      }),
    )
  })

  it('answers the same each time', () => {
    const ask = () => scorer.recommend({ history: [5, 80, 17, 3, 9], limit: 20 })

    expect(ask()).toEqual(ask())
  })

  it('recommends popular items only when there is no history', () => {
    const [first, second] = scorer.recommend({ history: [], limit: 2 })

    expect(first!.item).toBe(model.readerCounts.indexOf(Math.max(...model.readerCounts)))
    expect(second!.score).toBe(0)
  })

  it('uses another popularity when it is given one', () => {
    const byPopularity = Int32Array.from({ length: itemCount }, (_, item) => itemCount - 1 - item)

    expect(
      createScorer(model, { byPopularity })
        .recommend({ history: [], limit: 2 })
        .map(({ item }) => item),
    ).toEqual([299, 298])
  })

  it('uses cosines for one to three items, and weights from four', () => {
    for (const [length, basis] of [
      [1, 'cosines'],
      [3, 'cosines'],
      [4, 'weights'],
    ] as const) {
      const history = [1, 2, 3, 4].slice(0, length)

      expect(scorer.recommend({ history, limit: 10 })).toEqual(scorer.recommend({ history, limit: 10, basis }))
    }
  })

  it('names the item that gave most as the reason', () => {
    const history = [1, 2, 3, 4, 65]
    const [best] = scorer.recommend({ history, limit: 1 })
    const alone = history.map((item) => {
      const picks = scorer.recommend({ history: [item], limit: 299, basis: 'weights' })
      return picks.find(({ item: pick }) => pick === best!.item)?.score ?? 0
    })

    expect(best!.reason).toBe(history[alone.indexOf(Math.max(...alone))])
    expect(best!.score).toBeCloseTo(alone.reduce((sum, score) => sum + score, 0))
  })

  it('counts the newest items of a long history, and leaves out all of it', () => {
    const history = Array.from({ length: 100 }, (_, item) => item)
    const capped = createScorer(model, { longestHistory: 5 }).recommend({ history, limit: 20 })
    expect(capped).toEqual(scorer.recommend({ history: history.slice(0, 5), limit: 20, excluded: history.slice(5) }))
  })

  it('skips items that the model does not have', () => {
    expect(scorer.recommend({ history: [9999, -1, 5], limit: 5 })).toEqual(scorer.recommend({ history: [5], limit: 5 }))
  })

  it('answers the same again after other queries', () => {
    const question = { history: [1, 2, 3, 4], limit: 20 }
    const before = scorer.recommend(question)

    scorer.recommend({ history: [5, 6, 7, 8], limit: 50, excluded: before.map(({ item }) => item) })

    expect(scorer.recommend(question)).toEqual(before)
  })

  it('refuses invalid limits', () => {
    for (const limit of [-1, 1.5, 501]) expect(() => scorer.recommend({ history: [], limit })).toThrow(RangeError)
  })
})

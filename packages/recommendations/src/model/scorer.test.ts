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

  it.each([
    ['a short history', [1, 2, 3, 4, 65]],
    ['a long one', Array.from({ length: 90 }, (_, at) => (at * 7) % itemCount)],
  ])('counts the k-th newest item of %s k^-½ times, in scores and in reasons', (_, history) => {
    const scoresOf = (item: number) =>
      new Map(
        scorer.recommend({ history: [item], limit: 299, basis: 'weights' }).map((pick) => [pick.item, pick.score]),
      )
    const alone = history.map(scoresOf)
    const times = history.map((_, rank) => -rank)

    for (const { item, score, reason } of scorer.recommend({ history, times, limit: 20 })) {
      const given = alone.map((scores, rank) => (scores.get(item) ?? 0) * (rank + 1) ** -0.5)
      expect(score).toBeCloseTo(given.reduce((sum, value) => sum + value, 0))
      expect(reason).toBe(score > 0 ? history[given.indexOf(Math.max(...given))] : undefined)
    }
  })

  it('counts all the same where their times are', () => {
    const history = [1, 2, 3, 4, 65]
    const times = history.map(() => 1_000)

    expect(scorer.recommend({ history, times, limit: 20 })).toEqual(scorer.recommend({ history, limit: 20 }))
  })

  it('counts ranks without unknown items and repeats', () => {
    const asked = { history: [1, 9999, 1, 2, 3, 4], times: [60, 55, 50, 40, 30, 20], limit: 20 }

    expect(scorer.recommend(asked)).toEqual(scorer.recommend({ history: [1, 2, 3, 4], times: [4, 3, 2, 1], limit: 20 }))
  })

  it('counts viewed items a little, may return them, and never names them as the reason', () => {
    const history = [1, 2, 3, 4]
    const [best] = scorer.recommend({ history, limit: 1 })
    const viewed = [best!.item]

    const picks = scorer.recommend({ history, viewed, limit: 299 })

    expect(picks.find(({ item }) => item === best!.item)?.reason).toBe(best!.reason)
    expect(picks.every(({ reason }) => reason === undefined || history.includes(reason))).toBe(true)
    const before = new Map(scorer.recommend({ history, limit: 299 }).map(({ item, score }) => [item, score]))
    const viewedAlone = scorer.recommend({ history: viewed, limit: 299, basis: 'weights' })
    const alone = new Map(viewedAlone.map(({ item, score }) => [item, score]))
    for (const { item, score } of picks) {
      const added = item === best!.item ? 0 : 0.1 * (alone.get(item) ?? 0)
      expect(score).toBeCloseTo((before.get(item) ?? 0) + added)
    }
  })

  it('recommends by viewed items where nothing is liked, without a reason', () => {
    const picks = scorer.recommend({ history: [], viewed: [5], limit: 5 })

    expect(picks[0]!.score).toBeGreaterThan(0)
    expect(picks.every(({ reason }) => reason === undefined)).toBe(true)
    expect(picks.map(({ item }) => item)).toEqual(scorer.recommend({ history: [5], limit: 5 }).map(({ item }) => item))
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

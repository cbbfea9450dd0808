import { describe, expect, it } from '@jest/globals'
import { type CandidateOptions, createCandidateSearch, createCandidates } from './candidates.ts'
import { createInteractions, readerCountsOf } from './interactions.ts'

const rows = [[0, 1, 2], [0, 1], [0, 3], [2, 3], [1]]
const plain = { neighbours: 3, neighboursPerReader: 10, shrink: 0, readerExponent: 0, longestHistory: Infinity }

describe('createCandidateSearch', () => {
  it('finds the items that share readers, with their cosines', () => {
    const found = candidatesOf(rows, plain)

    expect(found[0]).toEqual({ 1: cosine(2, 3, 3), 2: cosine(1, 3, 2), 3: cosine(1, 3, 2) })
    expect(found[3]).toEqual({ 0: cosine(1, 2, 3), 2: cosine(1, 2, 2) })
  })

  it('keeps the nearest when there are too many', () => {
    expect(candidatesOf(rows, { ...plain, neighbours: 1 })[0]).toEqual({ 1: cosine(2, 3, 3) })
  })

  it('keeps fewer for items with few readers', () => {
    expect(
      Object.keys(
        candidatesOf(
          [
            [0, 1, 2, 3],
            [1, 2],
          ],
          { ...plain, neighboursPerReader: 1 },
        )[0]!,
      ),
    ).toHaveLength(1)
  })

  it('leaves out readers with too long histories', () => {
    expect(candidatesOf(rows, { ...plain, longestHistory: 2 })[0]).toEqual({ 1: cosine(1, 2, 2), 3: cosine(1, 2, 2) })
  })

  it('gives readers with long histories less weight', () => {
    const found = candidatesOf(
      [
        [0, 1],
        [0, 2, 3, 4, 5],
      ],
      { ...plain, readerExponent: 1 },
    )[0]!

    expect(found[1]).toBeGreaterThan(found[2]!)
  })
})

function cosine(together: number, one: number, other: number) {
  return expect.closeTo(together / Math.sqrt(one * other), 6)
}

/** The candidates of each item, as cosine by item. */
function candidatesOf(lists: number[][], options: CandidateOptions): Record<number, number>[] {
  const interactions = createInteractions(lists)
  const candidates = createCandidates(readerCountsOf(interactions), options)
  const findCandidates = createCandidateSearch(interactions, options, candidates)

  return Array.from({ length: interactions.itemCount }, (_, item) => {
    findCandidates(item)
    const start = candidates.offsets[item]!
    const slots = Array.from({ length: candidates.counts[item]! }, (_, rank) => start + rank)
    return Object.fromEntries(slots.map((slot) => [candidates.items[slot]!, candidates.cosines[slot]!]))
  })
}

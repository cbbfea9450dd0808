import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createCandidateSearch, createCandidates } from './candidates.ts'
import { createInteractions, readerCountsOf } from './interactions.ts'
import { createPredictors, fillPredictors } from './predictors.ts'
import { createRidge, type RidgeOptions } from './ridge.ts'

const itemCount = 6
const everything = { neighbours: 10, neighboursPerReader: 10, shrink: 1, readerExponent: 0, longestHistory: Infinity }
const options = { readerExponent: 0.5, penalty: 0.5, penaltyExponent: 0.25, sweeps: 5000, tolerance: 1e-9 }
const readers = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: itemCount - 1 })), { minLength: 1, maxLength: 12 })

describe('createRidge', () => {
  it('finds the weights of a dense solver', () => {
    fc.assert(
      fc.property(readers, (rows) => {
        const solved = solve(rows, options)

        for (let item = 0; item < itemCount; item++) {
          const dense = solveDensely(rows, item, options)
          for (let predictor = 0; predictor < itemCount; predictor++) {
            expect(solved[predictor]![item]).toBeCloseTo(dense[predictor]!, 4)
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('gives weight to what is read together and none to what is read apart', () => {
    const solved = solve(
      [
        [0, 1],
        [0, 1],
        [2, 3],
        [2, 3],
        [1, 2],
      ],
      options,
    )

    expect(solved[0]![1]).toBeGreaterThan(0.3)
    expect(solved[0]![3]).toBe(0)
  })
})

/** The weights by predictor and item. */
function solve(rows: number[][], ridge: RidgeOptions) {
  const interactions = createInteractions(rows, itemCount)
  const candidates = createCandidates(readerCountsOf(interactions), everything)
  const findCandidates = createCandidateSearch(interactions, everything, candidates)
  for (let item = 0; item < itemCount; item++) findCandidates(item)

  const predictors = createPredictors(candidates)
  fillPredictors(candidates, predictors)
  const weights = new Float32Array(candidates.items.length)
  const solveItem = createRidge(interactions, predictors, ridge, weights)
  for (let item = 0; item < itemCount; item++) solveItem(item)

  return Array.from({ length: itemCount }, (_, predictor) => {
    const row = Array<number>(itemCount).fill(0)
    for (let rank = 0; rank < candidates.counts[predictor]!; rank++) {
      const slot = candidates.offsets[predictor]! + rank
      row[candidates.items[slot]!] = weights[slot]!
    }
    return row
  })
}

/** Tries every set of predictors that could have a weight above 0, and keeps the one with the least loss. */
function solveDensely(rows: number[][], item: number, { readerExponent, penalty, penaltyExponent }: RidgeOptions) {
  const lengths = rows.map((row) => row.length)
  const raw = lengths.map((length) => (length === 0 ? 0 : length ** -readerExponent))
  const scale = sum(lengths) / sum(raw.map((weight, reader) => weight * lengths[reader]!))
  const weights = raw.map((weight) => weight * scale)

  const gram = (one: number, other: number) =>
    sum(rows.map((row, reader) => (row.includes(one) && row.includes(other) ? weights[reader]! : 0)))
  const mean = sum(range(itemCount).map((one) => gram(one, one))) / itemCount
  const matrix = (one: number, other: number) =>
    gram(one, other) + (one === other ? penalty * mean * (gram(one, one) / mean) ** penaltyExponent : 0)

  const usable = range(itemCount).filter((other) => other !== item && gram(other, item) > 0)
  let least = { loss: 0, weights: range(itemCount).map(() => 0) }
  for (let subset = 1; subset < 2 ** usable.length; subset++) {
    const support = usable.filter((_, bit) => (subset >> bit) & 1)
    const solution = gauss(support.map((one) => [...support.map((other) => matrix(one, other)), gram(one, item)]))
    if (solution.some((weight) => weight < 0)) continue

    const loss = -sum(support.map((one, at) => gram(one, item) * solution[at]!))
    const weightOf = (other: number) => (support.includes(other) ? solution[support.indexOf(other)]! : 0)
    if (loss < least.loss) least = { loss, weights: range(itemCount).map(weightOf) }
  }
  return least.weights
}

/** Solves the equations whose last column is the right side. The matrices here need no pivoting. */
function gauss(equations: number[][]) {
  for (const [pivot, row] of equations.entries()) {
    for (const [other, target] of equations.entries()) {
      if (other === pivot) continue
      const factor = target[pivot]! / row[pivot]!
      for (const column of row.keys()) target[column]! -= factor * row[column]!
    }
  }
  return equations.map((row, at) => row.at(-1)! / row[at]!)
}

function sum(values: readonly number[]) {
  return values.reduce((total, value) => total + value, 0)
}

function range(length: number) {
  return Array.from({ length }, (_, index) => index)
}

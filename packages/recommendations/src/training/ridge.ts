import type { Interactions } from './interactions.ts'
import type { Predictors } from './predictors.ts'
import { readerWeightsOf, weightedCountsOf } from './reader-weights.ts'

/** How weights are regularized, and when to stop. */
export interface RidgeOptions {
  /** Readers weigh (books read)^-exponent; γ in the docs. */
  readonly readerExponent: number
  /** The penalty of an item with the mean count, in units of that mean; κ in the docs. */
  readonly penalty: number
  /** How the penalty grows with an item's count: 0 not at all, 1 in proportion; τ in the docs. */
  readonly penaltyExponent: number
  /** Passes over an item's predictors, at most. */
  readonly sweeps: number
  /** A weight above 0 that moved by less is skipped until no weight moves by more; then one sweep visits all again. */
  readonly tolerance: number
}

/**
 * Returns a function that solves the weights of one item's predictors and writes them to `weights`, by slot.
 *
 * The item's column is regressed on the columns of the items that have it as a neighbour, with a ridge penalty and
 * weights of at least 0: SLIM (Ning & Karypis 2011) with the penalty of EASE (Steck 2019) in place of its L1 term.
 * Coordinate descent works on the readers' residual, so that no Gram matrix is made. It starts from zero: stopped after
 * a few sweeps, the start is part of the answer.
 */
export function createRidge(
  interactions: Interactions,
  predictors: Predictors,
  options: RidgeOptions,
  weights: Float32Array,
) {
  const { offsets, items, slots } = predictors
  const problem = createProblem(interactions, options)

  return function solveItem(item: number) {
    const own = {
      items: items.subarray(offsets[item], offsets[item + 1]),
      slots: slots.subarray(offsets[item], offsets[item + 1]),
    }
    resetResidual(problem, item)
    for (let turn = 0; turn < own.slots.length; turn++) {
      weights[own.slots[turn]!] = 0
      problem.moves[turn] = Infinity
    }

    // Skipped weights are visited once more in the end, as the others have moved meanwhile.
    let isFinalSweep = false
    for (let sweep = 0; sweep < options.sweeps; sweep++) {
      const hasConverged: boolean =
        sweepOnce(problem, own, weights, isFinalSweep ? 0 : options.tolerance) < options.tolerance
      if (hasConverged && isFinalSweep) break
      isFinalSweep = hasConverged
    }
  }
}

/** The predictors of the item being solved. */
type Own = Pick<Predictors, 'items' | 'slots'>

interface Problem {
  readonly interactions: Interactions
  readonly readerWeights: Float64Array
  /** The weighted count of each item: its column's squared length. */
  readonly counts: Float64Array
  /** The count with the penalty added: what a weight's equation is divided by. */
  readonly divisors: Float64Array
  /** What the weights do not explain of the item being solved, times the reader's weight. */
  readonly residual: Float64Array
  /** How far each of the item's weights moved when it was last visited. */
  readonly moves: Float64Array
}

function createProblem(interactions: Interactions, options: RidgeOptions): Problem {
  const readerWeights = readerWeightsOf(interactions, { exponent: options.readerExponent })
  const counts = weightedCountsOf(interactions, readerWeights)
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
  const divisors = counts.map((count) => count + options.penalty * mean * (count / mean) ** options.penaltyExponent)

  const residual = new Float64Array(interactions.readerCount)
  const moves = new Float64Array(interactions.itemCount)

  return { interactions, readerWeights, counts, divisors, residual, moves }
}

function resetResidual({ interactions: { itemOffsets, itemReaders }, readerWeights, residual }: Problem, item: number) {
  residual.fill(0)
  for (let at = itemOffsets[item]!; at < itemOffsets[item + 1]!; at++) {
    const reader = itemReaders[at]!
    residual[reader] = readerWeights[reader]!
  }
}

/** Moves each weight to its optimum with the others fixed, except those that moved by less than `settled`; returns the longest move. */
function sweepOnce(problem: Problem, { items, slots }: Own, weights: Float32Array, settled: number) {
  const { readerWeights, counts, divisors, residual, moves } = problem
  const { itemOffsets, itemReaders } = problem.interactions
  let longest = 0

  for (let turn = 0; turn < slots.length; turn++) {
    const slot = slots[turn]!
    const before = weights[slot]!
    if (before > 0 && moves[turn]! < settled) continue

    const predictor = items[turn]!
    const start = itemOffsets[predictor]!
    const end = itemOffsets[predictor + 1]!

    let unexplained = 0
    for (let at = start; at < end; at++) unexplained += residual[itemReaders[at]!]!

    const best = (unexplained + counts[predictor]! * before) / divisors[predictor]!
    // Rounded as it will be stored, so that the residual is that of the stored weights.
    const step = (best > 0 ? Math.fround(best) : 0) - before
    moves[turn] = Math.abs(step)
    if (step === 0) continue

    weights[slot] = before + step
    longest = Math.max(longest, moves[turn]!)
    for (let at = start; at < end; at++) {
      const reader = itemReaders[at]!
      residual[reader] = residual[reader]! - step * readerWeights[reader]!
    }
  }

  return longest
}

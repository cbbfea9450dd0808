import type { Model } from './model.ts'
import { rankByScore } from './popularity.ts'
import { createReasonSearch } from './reason-search.ts'
import type { ScoreTable } from './score-table.ts'
import { addRow, clearScores, cosineTableOf, createScores, weightTableOf } from './score-table.ts'
import { createTopItems } from './top-items.ts'

/** The learned weights, the plain cosines, or how popular items are. */
export type Basis = 'weights' | 'cosines' | 'popularity'

/** What a scorer is asked. */
export interface Question {
  /** The reader's items, newest first. None of them is recommended; unknown items are skipped. */
  readonly history: ArrayLike<number>
  /** How many items to return, at most. */
  readonly limit: number
  /** Decides which items may be returned; all by default. */
  readonly isAllowed?: (item: number) => boolean
  /** What to go by; by default the length of the history decides. */
  readonly basis?: Basis
}

/** A recommended item. */
export interface Pick {
  readonly item: number
  /** Comparable within one answer only; 0 for an item that is there because it is popular. */
  readonly score: number
  /** The item of the history that gave most of the score; absent when the item is there because it is popular. */
  readonly reason?: number
}

export interface ScorerOptions {
  /** Only the newest items of a history count, this many; all are left out of the answer. */
  readonly longestHistory?: number
  /** The longest list that can be asked for. */
  readonly longestList?: number
  /** What popularity is measured by, a number for every item; the number of readers by default. */
  readonly popularity?: ArrayLike<number>
}

/** Answers requests from one model, one at a time, which a synchronous function always does. */
export interface Scorer {
  /** Returns the best items, best first, then items that are new, and is filled up with popular ones. */
  recommend(question: Question): Pick[]
}

/** Shorter histories say too little for the learned weights. */
const shortestForWeights = 4
/** One place in so many is for a new item. */
const placesPerNewItem = 20

/**
 * Creates what answers requests from a model. Buffers are made once: a request allocates nothing of the catalogue's size.
 * Items with borrowed entries compete with each other only, for one place in twenty and for places that nobody else fills.
 */
export function createScorer(model: Model, options: ScorerOptions = {}): Scorer {
  const { longestHistory = 300, longestList = 500, popularity = model.readerCounts } = options
  const { itemCount, borrowed } = model
  const tables = { weights: weightTableOf(model), cosines: cosineTableOf(model), popularity: undefined }
  const byPopularity = rankByScore(popularity)
  const findReasons = createReasonSearch(itemCount, longestList)
  const scores = createScores(itemCount)
  /** 1 for items that may not be picked, or not again. */
  const taken = new Uint8Array(itemCount)
  const best = createTopItems(longestList)
  const bestNew = createTopItems(longestList)
  const picks = new Int32Array(2 * longestList)
  const pickScores = new Float64Array(2 * longestList)

  /** Marks the history as taken and returns what is known of it, each item once. */
  function takeHistory(history: ArrayLike<number>) {
    const known: number[] = []
    for (let at = 0; at < history.length; at++) {
      const item = history[at]!
      if (taken[item] !== 0) continue
      taken[item] = 1
      known.push(item)
    }
    return known
  }

  /** Writes the picks that the history speaks for, and returns how many. */
  function pickByHistory(table: ScoreTable, history: readonly number[], limit: number, isAllowed: Allows) {
    for (let at = 0; at < history.length; at++) addRow(table, history[at]!, scores)
    best.clear(limit)
    bestNew.clear(limit)

    for (let at = 0; at < scores.size; at++) {
      const item = scores.touched[at]!
      const score = scores.values[item]!
      const list = borrowed[item] === 1 ? bestNew : best
      if (score < list.floor() || taken[item] === 1 || !isAllowed(item)) continue
      list.offer(item, score)
    }

    const ordinary = best.takeSorted(picks, pickScores)
    const places = Math.max(Math.floor(limit / placesPerNewItem), limit - ordinary)
    const reserved = Math.min(places, bestNew.size())
    const kept = Math.min(ordinary, limit - reserved)
    bestNew.takeSorted(picks, pickScores, kept)
    return kept + reserved
  }

  /** Writes popular picks from place `size` on, and returns how many picks there are then. */
  function pickPopular(size: number, limit: number, isAllowed: Allows) {
    for (let at = 0; at < size; at++) taken[picks[at]!] = 1
    let total = size
    for (let rank = 0; rank < itemCount && total < limit; rank++) {
      const item = byPopularity[rank]!
      if (taken[item] === 0 && isAllowed(item)) picks[total++] = item
    }
    for (let at = 0; at < size; at++) taken[picks[at]!] = 0
    return total
  }

  function answer(known: readonly number[], { limit, isAllowed = () => true, basis = basisFor(known) }: Question) {
    const newest = known.slice(0, longestHistory)
    const table = tables[basis]
    const size = table ? pickByHistory(table, newest, limit, isAllowed) : 0
    const total = pickPopular(size, limit, isAllowed)
    const reasons = table ? findReasons(table, newest, picks.subarray(0, size)) : undefined

    return Array.from({ length: total }, (_, at): Pick => {
      const item = picks[at]!
      return at < size ? { item, score: pickScores[at]!, reason: reasons![at]! } : { item, score: 0 }
    })
  }

  return {
    recommend(question) {
      requireLimit(question.limit, longestList)
      const known = takeHistory(question.history)
      try {
        return answer(known, question)
      } finally {
        // Also when `isAllowed` threw: the next request must find the buffers clean.
        clearScores(scores)
        taken.fill(0)
      }
    },
  }
}

type Allows = (item: number) => boolean

function basisFor(known: readonly number[]): Basis {
  if (known.length === 0) return 'popularity'
  return known.length < shortestForWeights ? 'cosines' : 'weights'
}

function requireLimit(limit: number, longestList: number) {
  if (Number.isInteger(limit) && limit >= 0 && limit <= longestList) return
  throw new RangeError(`limit must be a whole number from 0 to ${longestList}`)
}

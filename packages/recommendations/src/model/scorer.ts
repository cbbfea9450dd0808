import { createItemIds, type Model } from './model.ts'
import { barred, free, inHistory, offerScores } from './offer-scores.ts'
import { rankByScore } from './popularity.ts'
import { createReasonSearch } from './reason-search.ts'
import { recencyWeightsOf } from './recency.ts'
import { addRows, cosineTableOf, type ScoreTable, type WeightedItems, weightTableOf } from './score-table.ts'
import { createTopItems } from './top-items.ts'

/** What an answer is based on. */
export type Basis = 'weights' | 'cosines' | 'popularity'

/** What a scorer is asked. */
export interface ScorerQuery {
  /** The reader's items, newest first. None of them is recommended; unknown items are skipped. */
  readonly history: ArrayLike<number>
  /**
   * When the reader liked each of `history`, in any unit: newer items count more. Without it, or where all are the same,
   * every item counts the same.
   */
  readonly times?: ArrayLike<number> | undefined
  /** Items that the reader looked at and expressed no preference for, newest first. They count little, and may be recommended. */
  readonly viewed?: ArrayLike<number> | undefined
  /** How many items to return, at most. */
  readonly limit: number
  /** 1 for each item that may not be returned, 0 for the others; all may by default. */
  readonly denied?: Uint8Array | undefined
  /** Further items that may not be returned. */
  readonly excluded?: ArrayLike<number> | undefined
  /** By default the length of the history decides. */
  readonly basis?: Basis
}

/** A recommended item. */
export interface ScoredItem {
  readonly item: number
  /** Comparable within one answer only; 0 for an item that is there because it is popular. */
  readonly score: number
  /** The item of the history that gave most of the score; absent when it gave nothing. */
  readonly reason?: number
}

/** How a scorer works; everything has a default. */
export interface ScorerOptions {
  /** How many items of a history count, the newest ones; all are left out of the answer. */
  readonly longestHistory?: number
  /** The longest list that can be asked for. */
  readonly longestList?: number
  /** The items from the most popular one on; by default in the order of their numbers of readers. */
  readonly byPopularity?: Int32Array
}

/** Answers queries from one model. */
export interface Scorer {
  /** Returns the best items, best first, then items that are new, and is filled up with popular ones. */
  recommend(query: ScorerQuery): ScoredItem[]
}

/** Histories shorter than this are too short for the learned weights. */
const shortestForWeights = 4
/** How much the newest viewed item counts, in units of the newest one of the history. */
const viewWeight = 0.1
/** One place in this many is for a new item. */
const placesPerNewItem = 20

/**
 * Creates a scorer. Its buffers are made once: a request allocates nothing of the catalogue's size.
 * Items with borrowed rows compete with each other only, for one place in twenty and for places that no other item fills.
 */
export function createScorer(model: Model, options: ScorerOptions = {}): Scorer {
  const { longestHistory = 1_000, longestList = 500, byPopularity = rankByScore(model.readerCounts) } = options
  const { itemCount, borrowed } = model
  const tables = { weights: weightTableOf(model), cosines: cosineTableOf(model), popularity: undefined }
  const findReasons = createReasonSearch(itemCount, longestList)
  const allItems = createItemIds(itemCount, itemCount).map((_, item) => item)
  /** Zero between requests. */
  const scores = new Float64Array(itemCount)
  const states = new Uint8Array(itemCount)
  const best = createTopItems(longestList)
  const bestNew = createTopItems(longestList)
  const hasNew = borrowed.includes(1)
  const ranking = { scores, states, borrowed, best, bestNew }
  const picks = new Int32Array(2 * longestList)
  const pickScores = new Float64Array(2 * longestList)

  /** Marks what may not be picked and returns what counts, each item once. */
  function takeQuery({ history, times, viewed = [], denied, excluded = [] }: ScorerQuery): Evidence {
    if (denied) states.set(denied)
    else states.fill(free)
    for (let at = 0; at < excluded.length; at++) states[excluded[at]!] = barred

    const items: number[] = []
    const itemTimes: number[] = []
    for (let at = 0; at < history.length; at++) {
      const item = history[at]!
      if (item >= itemCount || item < 0 || states[item] === inHistory) continue
      states[item] = inHistory
      if (items.length === longestHistory) continue
      items.push(item)
      itemTimes.push(times?.[at] ?? 0)
    }

    const views: number[] = []
    for (let at = 0; at < viewed.length; at++) {
      const item = viewed[at]!
      if (item < itemCount && item >= 0 && states[item] !== inHistory && !views.includes(item)) views.push(item)
    }
    return {
      liked: { items, weights: recencyWeightsOf(itemTimes) },
      viewed: { items: views, weights: Float64Array.from(views, (_, rank) => viewWeight * (rank + 1) ** -0.5) },
    }
  }

  /** Writes the picks that the history predicts, and returns how many. */
  function pickByHistory(table: ScoreTable, { liked, viewed }: Evidence, limit: number) {
    const entries = addRows(table, liked, scores) + addRows(table, viewed, scores)
    best.clear(limit)
    bestNew.clear(hasNew ? limit : 0)
    // Reads either all scores, or the rows once more: the shorter of the two.
    if (2 * entries > itemCount) offerScores(allItems, 0, itemCount, ranking)
    else {
      const { starts, ends, ids } = table
      for (const item of [...liked.items, ...viewed.items]) offerScores(ids, starts[item]!, ends[item]!, ranking)
    }

    const ordinary = best.takeSorted(picks, pickScores)
    const places = Math.max(Math.floor(limit / placesPerNewItem), limit - ordinary)
    const reserved = Math.min(places, bestNew.size())
    const kept = Math.min(ordinary, limit - reserved)
    bestNew.takeSorted(picks, pickScores, kept)
    return kept + reserved
  }

  /** Writes popular picks from place `size` on, and returns how many picks there are then. */
  function pickPopular(size: number, limit: number) {
    for (let at = 0; at < size; at++) states[picks[at]!] = barred
    let total = size
    for (let rank = 0; rank < itemCount && total < limit; rank++) {
      const item = byPopularity[rank]!
      if (states[item] === free) picks[total++] = item
    }
    return total
  }

  function answer(known: Evidence, { limit, basis = basisFor(known) }: ScorerQuery) {
    const table = tables[basis]
    const size = table ? pickByHistory(table, known, limit) : 0
    const total = pickPopular(size, limit)
    const reasons = table ? findReasons(table, known.liked, picks.subarray(0, size)) : undefined

    return Array.from({ length: total }, (_, at): ScoredItem => {
      const item = picks[at]!
      if (at >= size) return { item, score: 0 }
      const [score, reason] = [pickScores[at]!, reasons![at]!]
      return reason >= 0 ? { item, score, reason } : { item, score }
    })
  }

  return {
    recommend(query) {
      requireLimit(query.limit, longestList)
      return answer(takeQuery(query), query)
    },
  }
}

/** What a query says of its reader. */
interface Evidence {
  liked: WeightedItems
  viewed: WeightedItems
}

function basisFor({ liked, viewed }: Evidence): Basis {
  if (liked.items.length >= shortestForWeights) return 'weights'
  return liked.items.length + viewed.items.length > 0 ? 'cosines' : 'popularity'
}

function requireLimit(limit: number, longestList: number) {
  if (Number.isInteger(limit) && limit >= 0 && limit <= longestList) return
  throw new RangeError(`limit must be a whole number from 0 to ${longestList}`)
}

import type { ScoreTable } from './score-table.ts'

/**
 * Creates the search for the reasons of a list: for every pick, the item of the history whose weighted row gave it most.
 * The answer is valid until the next call; -1 stands for no reason.
 */
export function createReasonSearch(itemCount: number, longestList: number) {
  /** The position of an item in the list, from 1; 0 for other items. */
  const places = new Int32Array(itemCount)
  const most = new Float64Array(longestList)
  const reasons = new Int32Array(longestList)

  return function findReasons(table: ScoreTable, { items, weights }: WeightedItems, picks: Int32Array): Int32Array {
    most.fill(0)
    reasons.fill(-1)
    for (let at = 0; at < picks.length; at++) places[picks[at]!] = at + 1
    // Among equals the newest item of the history stays.
    for (let at = 0; at < items.length; at++) keepLargest(table, items[at]!, weights[at]!, { places, most, reasons })
    for (let at = 0; at < picks.length; at++) places[picks[at]!] = 0
    return reasons
  }
}

/** Items of a history, newest first, and how much the row of each counts. */
export interface WeightedItems {
  readonly items: readonly number[]
  readonly weights: ArrayLike<number>
}

interface Largest {
  places: Int32Array
  most: Float64Array
  reasons: Int32Array
}

function keepLargest(table: ScoreTable, item: number, weight: number, { places, most, reasons }: Largest) {
  const { starts, ends, ids, bytes, values } = table
  const end = ends[item]!
  for (let at = starts[item]!; at < end; at++) {
    const place = places[ids[at]!]!
    if (place === 0) continue
    const given = values[bytes[at]!]! * weight
    if (given <= most[place - 1]!) continue
    most[place - 1] = given
    reasons[place - 1] = item
  }
}

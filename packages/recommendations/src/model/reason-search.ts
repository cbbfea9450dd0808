import { largestOf, type ScoreTable, type WeightedItems } from './score-table.ts'

/**
 * Creates the search for the reasons of a list: for every pick, the item of the history whose weighted row gave it most.
 * The answer is valid until the next call; -1 stands for no reason.
 */
export function createReasonSearch(itemCount: number, longestList: number) {
  /** The position of an item in the list, from 1; 0 for other items. */
  const places = new Uint16Array(itemCount)
  const most = new Float64Array(longestList)
  const reasons = new Int32Array(longestList)

  return function findReasons(table: ScoreTable, { items, weights }: WeightedItems, picks: Int32Array): Int32Array {
    most.fill(0)
    reasons.fill(-1)
    for (let at = 0; at < picks.length; at++) places[picks[at]!] = at + 1
    let least = 0
    for (let at = 0; at < items.length; at++) {
      if (at % rowsBetween === 0) least = leastOf(most, picks.length)
      const weight = table.scale * weights[at]!
      // Among equals the newest item of the history stays, so a row that gives no pick more need not be read.
      if (largestOf(table, items[at]!) ** 2 * weight > least)
        keepLargest(table, items[at]!, weight, { places, most, reasons })
    }
    for (let at = 0; at < picks.length; at++) places[picks[at]!] = 0
    return reasons
  }
}

/** After how many rows it is asked again what a row must give. */
const rowsBetween = 8

function leastOf(most: Float64Array, picks: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let place = 0; place < picks; place++) least = Math.min(least, most[place]!)
  return least
}

interface Largest {
  places: Uint16Array
  most: Float64Array
  reasons: Int32Array
}

function keepLargest(table: ScoreTable, item: number, weight: number, { places, most, reasons }: Largest) {
  const { starts, ends, ids, bytes } = table
  const end = ends[item]!
  for (let at = starts[item]!; at < end; at++) {
    const place = places[ids[at]!]!
    if (place === 0) continue
    const given = bytes[at]! ** 2 * weight
    if (given <= most[place - 1]!) continue
    most[place - 1] = given
    reasons[place - 1] = item
  }
}

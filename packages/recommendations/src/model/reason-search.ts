import type { ScoreTable } from './score-table.ts'

/**
 * Creates the search for the reasons of a list: for every pick, the item of the history whose row gave it most.
 * The answer is valid until the next call; -1 stands for no reason.
 */
export function createReasonSearch(itemCount: number, longestList: number) {
  /** The position of an item in the list, from 1; 0 for other items. */
  const places = new Int32Array(itemCount)
  const most = new Uint8Array(longestList)
  const reasons = new Int32Array(longestList)

  return function findReasons(table: ScoreTable, history: ArrayLike<number>, picks: Int32Array): Int32Array {
    most.fill(0)
    reasons.fill(-1)
    for (let at = 0; at < picks.length; at++) places[picks[at]!] = at + 1
    // Bytes are in the order of their values. Among equals the newest item of the history stays.
    for (let at = 0; at < history.length; at++) keepLargest(table, history[at]!, { places, most, reasons })
    for (let at = 0; at < picks.length; at++) places[picks[at]!] = 0
    return reasons
  }
}

interface Largest {
  places: Int32Array
  most: Uint8Array
  reasons: Int32Array
}

function keepLargest({ starts, ends, ids, bytes }: ScoreTable, item: number, { places, most, reasons }: Largest) {
  const end = ends[item]!
  for (let at = starts[item]!; at < end; at++) {
    const place = places[ids[at]!]!
    if (place === 0 || bytes[at]! <= most[place - 1]!) continue
    most[place - 1] = bytes[at]!
    reasons[place - 1] = item
  }
}

import type { ItemIds } from './model.ts'
import type { TopItems } from './top-items.ts'

/** The state of an item that may be picked. */
export const free = 0
/** The state of an item that the query leaves out. */
export const barred = 1
/** The state of an item of the history, which is not picked either. */
export const inHistory = 2

/** What items are ranked by, and where the best of them are kept. */
export interface Ranking {
  readonly scores: Float64Array
  readonly states: Uint8Array
  /** 1 for an item that competes with its like only. */
  readonly borrowed: Uint8Array
  readonly best: TopItems
  readonly bestNew: TopItems
}

/** Offers the items `start..end` of `ids` with their scores, and sets these to zero, so that an item that comes again is not offered twice. */
export function offerScores(
  ids: ItemIds,
  start: number,
  end: number,
  { scores, states, borrowed, best, bestNew }: Ranking,
): void {
  let floor = Math.min(best.floor(), bestNew.floor())
  for (let at = start; at < end; at++) {
    const item = ids[at]!
    const score = scores[item]!
    scores[item] = 0
    // Nearly all of them lose, so that is asked first.
    if (score < floor || score === 0 || states[item] !== free) continue
    const list = borrowed[item] === 1 ? bestNew : best
    list.offer(item, score)
    floor = Math.min(best.floor(), bestNew.floor())
  }
}

import { AsyncLocalStorage } from 'node:async_hooks'
import { performance } from 'node:perf_hooks'
import type { Ranked } from '../stores/rating-store.ts'

/** Rated books by their ratings, the best first. */
export interface Ranking {
  /** The books of a category, 0 for all. */
  list(category: number): Promise<readonly number[]>
}

const keptMs = 500
// However many books are rated, at most a twentieth of the time is spent on ranking them.
const keptRatio = 20

/**
 * Keeps the ranking in memory for half a second, and for twenty times as long as it took to read: each rating changes the store's mean,
 * and with it the place of every book, so it is read as a whole. Calls at the same time wait for one reading.
 */
export function createRanking(read: () => Promise<Ranked[]>, nowMs = () => performance.now()): Ranking {
  let reading: Promise<ReadonlyMap<number, readonly number[]>> | undefined
  let until = Number.POSITIVE_INFINITY
  // Others wait for the same answer, so a call that reads it must not end that with its own deadline.
  const outsideOfCalls = AsyncLocalStorage.snapshot()

  async function readAll() {
    const began = nowMs()
    const rows = await read()
    until = nowMs() + Math.max(keptMs, keptRatio * (nowMs() - began))
    return new Map(rows.map(({ category, book_ids }) => [category ?? 0, book_ids]))
  }

  function startReading() {
    until = Number.POSITIVE_INFINITY
    const started = outsideOfCalls(readAll)
    started.catch(() => {
      if (reading === started) reading = undefined
    })
    return started
  }

  return {
    async list(category) {
      if (reading === undefined || nowMs() >= until) reading = startReading()
      return (await reading).get(category) ?? []
    },
  }
}

import { performance } from 'node:perf_hooks'
import { setImmediate as othersTurn } from 'node:timers/promises'

const longestMs = 5

/** The same items, but whoever else waits for this thread has a turn every few milliseconds. */
export async function* unhurried<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  let since = performance.now()
  for (const item of items) {
    if (performance.now() - since > longestMs) {
      await othersTurn()
      since = performance.now()
    }
    yield item
  }
}

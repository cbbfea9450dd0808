import { performance } from 'node:perf_hooks'
import { setImmediate as eventLoopTurn } from 'node:timers/promises'

const maxBlockingMs = 5

/** Gives the same items, and yields to the event loop between two of them every few milliseconds. */
export async function* iterateCooperatively<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  let since = performance.now()
  for await (const item of items) {
    if (performance.now() - since > maxBlockingMs) {
      await eventLoopTurn()
      since = performance.now()
    }
    yield item
  }
}

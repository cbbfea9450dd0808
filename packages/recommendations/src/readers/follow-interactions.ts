import type { Log } from '@books/runtime'
import type { InteractionStore } from './interaction-store.ts'
import type { Readers } from './readers.ts'

/**
 * Adds what other processes record in the same database to the readers, who know everything up to a sequence number. Returns
 * a function that stops it.
 */
export function followInteractions(
  store: InteractionStore,
  readers: Readers,
  knownUpTo: number,
  log: Log,
  everyMs = 1_000,
): () => void {
  let after = knownUpTo
  // What was there at the last read: as long as it is the same, nothing is read again.
  let known = ''
  let isReading = false

  async function read(): Promise<void> {
    if (isReading) return
    isReading = true
    try {
      const settled = await store.findSettled()
      const { count, last } = await store.summarize(after)
      const found = `${after} ${count} ${last}`
      if (found !== known) for await (const interaction of store.listInteractions(after)) readers.add(interaction)
      known = found
      after = Math.max(after, settled)
    } catch (err) {
      log.warn({ err }, 'could not read what other processes recorded; trying again')
    } finally {
      isReading = false
    }
  }

  const timer = setInterval(() => void read(), everyMs)
  return () => clearInterval(timer)
}

import type { Log } from '@books/runtime'
import type { InteractionStore } from './interaction-store.ts'
import type { Readers } from './readers.ts'

// A row gets its number before its transaction ends, so a lower number may become visible later than a higher one.
const overlap = 1_000

/** Adds what other processes record in the same database, after a sequence number. Returns a function that stops it. */
export function followInteractions(
  store: InteractionStore,
  readers: Readers,
  from: number,
  log: Log,
  everyMs = 1_000,
): () => void {
  let last = from
  // What was there at the last read: as long as it is the same, nothing is read again.
  let known = ''
  let isReading = false

  async function read(): Promise<void> {
    if (isReading) return
    isReading = true
    try {
      const { count, last: newest } = await store.summarize(last - overlap)
      const found = `${last} ${count} ${newest}`
      if (found === known) return
      for await (const interaction of store.listInteractions(last - overlap)) {
        readers.add(interaction)
        last = Math.max(last, interaction.sequence)
      }
      known = found
    } catch (err) {
      log.warn({ err }, 'could not read what other processes recorded; trying again')
    } finally {
      isReading = false
    }
  }

  const timer = setInterval(() => void read(), everyMs)
  return () => clearInterval(timer)
}

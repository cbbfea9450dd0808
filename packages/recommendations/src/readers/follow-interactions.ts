import type { Log } from '@books/runtime'
import type { InteractionStore } from './interaction-store.ts'
import type { Readers } from './readers.ts'

const everyMs = 1_000
// A row gets its place before its transaction ends, so one with a lower place may show up a little later.
const overlap = 1_000

/** Keeps up with what other processes record in the same database, from a place on. Undone by what it returns. */
export function followInteractions(store: InteractionStore, readers: Readers, from: number, log: Log): () => void {
  let last = from
  let isReading = false

  async function read(): Promise<void> {
    if (isReading) return
    isReading = true
    try {
      for await (const interaction of store.listInteractions(last - overlap)) {
        readers.add(interaction)
        last = Math.max(last, interaction.place)
      }
    } catch (err) {
      log.warn({ err }, 'could not read what other processes recorded; trying again')
    } finally {
      isReading = false
    }
  }

  const timer = setInterval(() => void read(), everyMs)
  return () => clearInterval(timer)
}

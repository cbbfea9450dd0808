import type { Log } from '@books/runtime'
import type { InteractionStore } from './interaction-store.ts'
import type { Readers } from './readers.ts'

/** Brings interactions from the database to the readers. */
export interface InteractionReader {
  /** Adds what is new, and resolves to the sequence number up to which the readers have everything. */
  catchUp(): Promise<number>
}

/** How many interactions are added before they are packed: it bounds the memory of a first start. */
const mostUnpacked = 2 ** 20

/** Creates a reader of interactions for readers who have everything up to a sequence number. */
export function createInteractionReader(
  store: InteractionStore,
  readers: Readers,
  knownUpTo: number,
): InteractionReader {
  let after = knownUpTo
  // What was there at the last read: as long as it is the same, nothing is read again.
  let known: string | undefined
  let reading: Promise<number> = Promise.resolve(after)

  async function read(): Promise<number> {
    const settled = await store.findSettled()
    // Counting takes long where everything is read for the first time.
    const found = known === undefined ? '' : await summarize()
    if (found !== known) await addAll()
    known = found
    after = Math.max(after, settled)
    return after
  }

  async function summarize(): Promise<string> {
    const { count, last } = await store.summarize(after)
    return `${after} ${count} ${last}`
  }

  async function addAll(): Promise<void> {
    for await (const interaction of store.listInteractions(after)) {
      readers.add(interaction)
      if (readers.unpackedCount >= mostUnpacked) await readers.pack()
    }
  }

  return {
    catchUp() {
      reading = reading.then(read, read)
      return reading
    },
  }
}

/** Adds what other processes record in the same database to the readers. Returns a function that stops it. */
export function followInteractions(reader: InteractionReader, log: Log, everyMs = 1_000): () => void {
  let isReading = false

  async function read(): Promise<void> {
    if (isReading) return
    isReading = true
    try {
      await reader.catchUp()
    } catch (err) {
      log.warn({ err }, 'could not read what other processes recorded; trying again')
    } finally {
      isReading = false
    }
  }

  const timer = setInterval(() => void read(), everyMs)
  return () => clearInterval(timer)
}

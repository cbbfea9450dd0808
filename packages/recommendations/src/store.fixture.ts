import { loadCatalogue } from '@books/catalogue'
import { createBookIndex } from './books/book-index.ts'
import { createSnapshot } from './model/create-snapshot.ts'
import type { StoredModel } from './model/model-store.ts'
import type { Snapshot } from './model/snapshot.ts'
import { simulateReaders } from './readers/demo-readers.ts'
import type { Interaction } from './readers/interaction.ts'
import { firstOfEachId, type InteractionStore, simulatedPrefix } from './readers/interaction-store.ts'
import { createReaders, type Readers } from './readers/readers.ts'
import { runTrainingJob } from './training/run-training-job.ts'

/** The books of the default store. */
export const bookIndex = createBookIndex(loadCatalogue())

/** Readers with these interactions. */
export function readersOf(interactions: Iterable<Interaction>): Readers {
  const readers = createReaders()
  for (const interaction of interactions) readers.add(interaction)
  return readers
}

/** The readers of the default store. */
export function demoReaders(): Readers {
  return readersOf(simulateReaders(bookIndex.listBooks()))
}

/** A model trained on these readers, as bytes. */
export async function trainOn(readers: Readers): Promise<Uint8Array> {
  return runTrainingJob({ itemIds: bookIndex.itemIds, rows: await readers.pack(), threads: 1 })
}

/** A snapshot of these readers. */
export async function snapshotOf(readers: Readers, stored?: StoredModel): Promise<Snapshot> {
  return createSnapshot({ bookIndex, revision: 0, rows: await readers.pack(), stored })
}

/** An interaction store without a database. */
export function createStoreInMemory(): InteractionStore {
  const kept = new Map<string, Interaction & { sequence: number }>()
  return {
    async record(interactions) {
      const fresh = firstOfEachId(interactions).filter(({ id }) => !kept.has(id))
      for (const interaction of fresh) kept.set(interaction.id, { ...interaction, sequence: kept.size + 1 })
      return fresh
    },
    async *listInteractions(after = 0) {
      for (const interaction of kept.values()) if (interaction.sequence > after) yield interaction
    },
    async summarize(after) {
      const sequences = [...kept.values()].map(({ sequence }) => sequence).filter((sequence) => sequence > after)
      return { count: sequences.length, last: Math.max(0, ...sequences) }
    },
    async findLast(upTo) {
      const last = [...kept.values()].findLast(({ sequence }) => sequence <= upTo)
      return last && { place: last.sequence, id: last.id }
    },
    findSettled: async () => kept.size,
    isEmpty: async () => kept.size === 0,
    async removeSimulated() {
      for (const id of kept.keys()) if (id.startsWith(simulatedPrefix)) kept.delete(id)
    },
  }
}

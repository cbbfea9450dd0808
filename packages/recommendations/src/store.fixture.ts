import { loadCatalogue } from '@books/catalogue'
import { createShelves } from './books/shelves.ts'
import { fitModel } from './model/fit-model.ts'
import { simulateReaders } from './readers/demo-readers.ts'
import type { Interaction } from './readers/interaction.ts'
import { firstOfEachId, type InteractionStore, simulatedPrefix } from './readers/interaction-store.ts'
import { createReaders, type Readers } from './readers/readers.ts'
import { runTraining } from './training/trainer.ts'
import { trainingDataOf } from './training/training-data.ts'

/** The shelves of the default store. */
export const shelves = createShelves(loadCatalogue())

/** Readers who did this. */
export function readersOf(interactions: readonly Interaction[]): Readers {
  const readers = createReaders()
  for (const interaction of interactions) readers.add(interaction)
  return readers
}

/** The readers of the default store. */
export function demoReaders(): Readers {
  return readersOf(simulateReaders(shelves.books))
}

/** A model of what these readers like, as bytes. */
export async function trainOn(readers: Readers): Promise<Uint8Array> {
  return runTraining({ data: await trainingDataOf(shelves, readers), threads: 1 })
}

/** A model of the default store. */
export async function trainDemoModel() {
  return fitModel(await trainOn(demoReaders()), shelves).model
}

/** Keeps interactions in memory: what a test needs of the store where the database is not what it is about. */
export function createStoreInMemory(): InteractionStore {
  const kept = new Map<string, Interaction & { place: number }>()
  return {
    async record(interactions) {
      const fresh = firstOfEachId(interactions).filter(({ id }) => !kept.has(id))
      for (const interaction of fresh) kept.set(interaction.id, { ...interaction, place: kept.size + 1 })
      return fresh
    },
    async *listInteractions(after = 0) {
      for (const interaction of kept.values()) if (interaction.place > after) yield interaction
    },
    isEmpty: async () => kept.size === 0,
    async removeSimulated() {
      for (const id of kept.keys()) if (id.startsWith(simulatedPrefix)) kept.delete(id)
    },
  }
}

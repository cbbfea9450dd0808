import { loadCatalogue } from '@books/catalogue'
import type { Log } from '@books/runtime'
import type { Kysely } from 'kysely'
import { type BookStore, createBookStore } from './books/book-store.ts'
import { createShelves, type Shelves } from './books/shelves.ts'
import { createModelFile, createModelTable, type ModelStore } from './model/model-store.ts'
import { simulateReaders } from './readers/demo-readers.ts'
import { createInteractionStore, type InteractionStore } from './readers/interaction-store.ts'
import { createReaders, type Readers } from './readers/readers.ts'
import type { Tables } from './tables.ts'

/** What the service knows: in memory for reading, with the stores that keep it. */
export interface State {
  shelves: Shelves
  /** The revision of inventory that the shelves go up to. */
  revision: number
  books: BookStore
  readers: Readers
  store: InteractionStore
  models: ModelStore
  /** The place of the newest interaction that is in memory. */
  lastPlace: number
}

/** Where the model is kept, and whether a store without readers gets simulated ones. */
export interface StateSettings {
  MODEL_PATH?: string
  DEMO_READERS: boolean
}

/** Fills the service's tables if they are empty, and reads everything into memory. */
export async function loadState(tables: Kysely<Tables>, settings: StateSettings, log: Log): Promise<State> {
  const books = createBookStore(tables)
  await books.fill(loadCatalogue())
  // In this order: what another process keeps in between is told once more, and not left out.
  const revision = await books.findRevision()
  const shelves = createShelves(await books.listBooks())

  const store = createInteractionStore(tables)
  if (settings.DEMO_READERS && (await store.isEmpty())) {
    const taken = await store.record(simulateReaders(shelves.books))
    log.info({ interactions: taken.length }, 'simulated readers for a store that had none')
  }

  const readers = createReaders()
  let lastPlace = 0
  for await (const interaction of store.listInteractions()) {
    readers.add(interaction)
    lastPlace = interaction.place
  }

  const models = settings.MODEL_PATH ? createModelFile(settings.MODEL_PATH) : createModelTable(tables)
  return { shelves, revision, books, readers, store, models, lastPlace }
}

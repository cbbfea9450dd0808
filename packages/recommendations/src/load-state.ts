import { loadCatalogue } from '@books/catalogue'
import type { Log } from '@books/runtime'
import type { Kysely } from 'kysely'
import { type BookIndex, createBookIndex } from './books/book-index.ts'
import { type BookStore, createBookStore } from './books/book-store.ts'
import { createModelFile, createModelTable, type ModelStore } from './model/model-store.ts'
import { simulateReaders } from './readers/demo-readers.ts'
import { createInteractionStore, type InteractionStore } from './readers/interaction-store.ts'
import { createReaders, type Readers } from './readers/readers.ts'
import type { Tables } from './tables.ts'

/** The state of the service: in memory for reading, and the stores that persist it. */
export interface State {
  bookIndex: BookIndex
  /** The revision of inventory that the books have. */
  revision: number
  books: BookStore
  readers: Readers
  store: InteractionStore
  models: ModelStore
  /** The sequence number up to which all interactions are in memory. */
  settled: number
}

/** Where the model is stored, and whether a store without readers gets simulated ones. */
export interface StateSettings {
  MODEL_PATH?: string
  DEMO_READERS: boolean
}

/** Fills the service's tables where they are empty, and reads everything into memory. */
export async function loadState(tables: Kysely<Tables>, settings: StateSettings, log: Log): Promise<State> {
  const books = createBookStore(tables)
  await books.fill(loadCatalogue())
  // In this order: books that another process stores in between are sent again, not missed.
  const revision = await books.findRevision()
  const bookIndex = createBookIndex(await books.listBooks())

  const store = createInteractionStore(tables)
  if (settings.DEMO_READERS && (await store.isEmpty())) {
    const taken = await store.record(simulateReaders(bookIndex.books))
    log.info({ interactions: taken.length }, 'simulated readers, as the store had none')
  }

  const readers = createReaders()
  const settled = await store.findSettled()
  for await (const interaction of store.listInteractions()) readers.add(interaction)

  const models = settings.MODEL_PATH ? createModelFile(settings.MODEL_PATH) : createModelTable(tables)
  return { bookIndex, revision, books, readers, store, models, settled }
}

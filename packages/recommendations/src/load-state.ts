import { join } from 'node:path'
import { loadCatalogue } from '@books/catalogue'
import type { Database, Log } from '@books/runtime'
import type { Kysely } from 'kysely'
import type { Book } from './books/book.ts'
import { type BookIndex, openBookIndex } from './books/book-index.ts'
import { type BookStore, createBookStore } from './books/book-store.ts'
import { createBookPacker } from './books/packed-books.ts'
import { chunksOf } from './chunks.ts'
import { findEra } from './era.ts'
import { createSnapshot } from './model/create-snapshot.ts'
import { createModelFile } from './model/model-file-store.ts'
import { createModelInMemory, type ModelStore } from './model/model-store.ts'
import { createModelTable } from './model/model-table-store.ts'
import type { Snapshot } from './model/snapshot.ts'
import { simulateReaders } from './readers/demo-readers.ts'
import { createInteractionReader, type InteractionReader } from './readers/follow-interactions.ts'
import { createInteractionStore, type InteractionStore } from './readers/interaction-store.ts'
import { createReaders, type Readers } from './readers/readers.ts'
import { findSnapshot } from './snapshot/find-snapshot.ts'
import type { StoredSnapshot } from './snapshot/snapshot-file.ts'
import type { Tables } from './tables.ts'

/** The state of the service: in memory for reading, and the stores that persist it. */
export interface State {
  /** The snapshot to begin with. */
  first: Snapshot
  /** Whether that is the stored one. */
  isStored: boolean
  /** Books that were stored after the snapshot. */
  changedBooks: readonly Book[]
  /** The revision of inventory that the stored books have. */
  revision: number
  books: BookStore
  readers: Readers
  store: InteractionStore
  interactions: InteractionReader
  models: ModelStore
  /** All of this at a time, to be stored. */
  capture(current: Snapshot): Promise<StoredSnapshot>
}

/** Where the model is stored, and whether a store without readers gets simulated ones. */
export interface StateSettings {
  MODEL_PATH?: string
  DEMO_READERS: boolean
}

/** The database of the service. */
export interface StateDatabase {
  tables: Kysely<Tables>
  database: Pick<Database, 'isShared' | 'folder'>
}

/** Fills the service's tables where they are empty, and reads into memory what is there: the snapshot, and what came since. */
export async function loadState(stateDatabase: StateDatabase, settings: StateSettings, log: Log): Promise<State> {
  const { tables } = stateDatabase
  const books = createBookStore(tables)
  await books.fill(loadCatalogue())
  const store = createInteractionStore(tables)
  const models = createModels(stateDatabase, settings)
  if (settings.DEMO_READERS && (await store.isEmpty())) await simulate(tables, log)

  // Before anything is read that a later era may not have.
  const era = await findEra(tables)
  const stored = await findSnapshot({ models, store, era, log })
  // In this order: books that another process stores in between are sent again, not missed.
  const revision = await books.findRevision()
  const changedBooks = stored ? await books.listChanged(stored.snapshot.revision) : []
  const bookIndex = stored?.snapshot.bookIndex ?? (await readBooks(books))

  const readers = createReaders(stored?.rows)
  const interactions = createInteractionReader(store, readers, stored?.position.place ?? 0)
  await interactions.catchUp()
  const first =
    stored?.snapshot ?? (await createSnapshot({ bookIndex, revision, rows: await readers.pack(), stored: undefined }))

  return {
    ...{ first, isStored: stored !== undefined, changedBooks, revision, books, readers, store, interactions, models },
    async capture(snapshot) {
      if ((await findEra(tables)) !== era)
        throw new Error('an import or a reset came since the start: restart the service')
      const place = await interactions.catchUp()
      const last = await store.findLast(place)
      return { snapshot, rows: await readers.pack(), position: { era, place, last } }
    },
  }
}

/** The store of models that a process with this database uses. */
export function createModels(
  { tables, database }: StateDatabase,
  { MODEL_PATH }: Pick<StateSettings, 'MODEL_PATH'>,
): ModelStore {
  const { isShared, folder } = database
  if (MODEL_PATH) return createModelFile(MODEL_PATH)
  if (isShared) return createModelTable(tables)
  return folder ? createModelFile(join(folder, 'recommendations', 'model')) : createModelInMemory()
}

async function readBooks(books: BookStore): Promise<BookIndex> {
  const packer = createBookPacker()
  for await (const book of books.listBooks()) packer.add(book)
  return openBookIndex(packer.finish())
}

async function simulate(tables: Kysely<Tables>, log: Log): Promise<void> {
  const books = await Array.fromAsync(createBookStore(tables).listBooks())
  let count = 0
  await tables.transaction().execute(async (transaction) => {
    const store = createInteractionStore(transaction)
    for (const interactions of chunksOf(simulateReaders(books), rowsInStatement)) {
      count += (await store.record(interactions)).length
    }
  })
  log.info({ interactions: count }, 'simulated readers, as the store had none')
}

// The embedded database blocks its process for as long as a statement takes.
const rowsInStatement = 500

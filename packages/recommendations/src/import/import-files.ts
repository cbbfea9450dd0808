import type { Category } from '@books/catalogue'
import type { Kysely } from 'kysely'
import { createBookStore } from '../books/book-store.ts'
import { beginEra } from '../era.ts'
import type { Interaction } from '../readers/interaction.ts'
import { createInteractionStore } from '../readers/interaction-store.ts'
import type { Tables } from '../tables.ts'
import { type BookFacts, bookLayouts } from './book-layouts.ts'
import { type Rating, ratingLayouts } from './rating-layouts.ts'
import { readFile } from './read-file.ts'

/** What to import. */
export interface ImportFiles {
  ratings: string
  /** A file of titles, authors, years and categories of the books. */
  books?: string | undefined
  /** For books whose category is in no file. */
  category: Category
}

/** The counts of an import. */
export interface Imported {
  taken: number
  /** Ratings that were recorded already. */
  known: number
  newBooks: number
  /** New books that no file describes: their key is their title. */
  undescribed: number
}

const rowsInBatch = 1_000

/** Imports files, all or nothing, and removes the simulated readers. `onProgress` gets the number of ratings read. */
export async function importFiles(
  tables: Kysely<Tables>,
  { ratings, books, category }: ImportFiles,
  onProgress: (ratings: number) => void,
): Promise<Imported> {
  const described = new Map<string, BookFacts>()
  if (books) for await (const facts of readFile(books, bookLayouts)) described.set(facts.key, facts)

  return tables.transaction().execute(async (transaction) => {
    const bookStore = createBookStore(transaction)
    const store = createInteractionStore(transaction)
    const ids = await bookStore.listKeys()
    const imported = { taken: 0, known: 0, newBooks: 0, undescribed: 0 }
    let nextId = await bookStore.findNextId()
    let read = 0
    await store.removeSimulated()
    await beginEra(transaction)

    async function save(batch: readonly Rating[]): Promise<void> {
      const unknown = [...new Set(batch.map(({ bookKey }) => bookKey))].filter((key) => !ids.has(key))
      const fresh = unknown.map((key) => {
        const facts = described.get(key)
        if (!facts) imported.undescribed++
        const { title, author, year } = facts ?? { title: key, author: '', year: 0 }
        const id = nextId++
        ids.set(key, id)
        return { id, key, title, author, year, category: facts?.category ?? category }
      })
      await bookStore.add(fresh)
      imported.newBooks += fresh.length

      const taken = await store.record(batch.map((rating) => toInteraction(rating, ids.get(rating.bookKey) ?? 0)))
      imported.taken += taken.length
      imported.known += batch.length - taken.length
      read += batch.length
      onProgress(read)
    }

    let batch: Rating[] = []
    for await (const rating of readFile(ratings, ratingLayouts)) {
      batch.push(rating)
      if (batch.length === rowsInBatch) {
        await save(batch)
        batch = []
      }
    }
    if (batch.length > 0) await save(batch)
    return imported
  })
}

// The same line gives the same id, so that a file may be imported again.
function toInteraction({ readerId, bookKey, kind, rating, time }: Rating, bookId: number): Interaction {
  const when = time ?? new Date(0)
  return { id: `import-${readerId}-${bookKey}-${kind}-${when.getTime()}`, readerId, bookId, kind, rating, time: when }
}

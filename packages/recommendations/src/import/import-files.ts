import type { Category } from '@books/catalogue'
import type { Kysely } from 'kysely'
import { createBookStore } from '../books/book-store.ts'
import type { Interaction } from '../readers/interaction.ts'
import { createInteractionStore } from '../readers/interaction-store.ts'
import type { Tables } from '../tables.ts'
import { type BookFacts, bookLayouts } from './book-layouts.ts'
import { type Rating, ratingLayouts } from './rating-layouts.ts'
import { readFile } from './read-file.ts'

/** What is imported. */
export interface ImportFiles {
  ratings: string
  /** Titles, authors, years and categories of the books that the ratings name. */
  books?: string | undefined
  /** For books whose category no file tells. */
  category: Category
}

/** What came of an import. */
export interface Imported {
  taken: number
  /** Were there already. */
  known: number
  newBooks: number
  /** Of those, the ones that no file describes: their key stands for their title. */
  undescribed: number
}

const rowsInGroup = 5_000

/** Imports files, all of them or nothing. The simulated readers leave. `onProgress` is told how many ratings were read. */
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

    async function keep(group: readonly Rating[]): Promise<void> {
      const unknown = [...new Set(group.map(({ bookKey }) => bookKey))].filter((key) => !ids.has(key))
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

      const taken = await store.record(group.map((rating) => toInteraction(rating, ids.get(rating.bookKey) ?? 0)))
      imported.taken += taken.length
      imported.known += group.length - taken.length
      read += group.length
      onProgress(read)
    }

    let group: Rating[] = []
    for await (const rating of readFile(ratings, ratingLayouts)) {
      group.push(rating)
      if (group.length === rowsInGroup) {
        await keep(group)
        group = []
      }
    }
    if (group.length > 0) await keep(group)
    return imported
  })
}

// The same line makes the same id, so that a file may be imported again.
function toInteraction({ readerId, bookKey, kind, rating, time }: Rating, bookId: number): Interaction {
  const when = time ?? new Date(0)
  return { id: `import-${readerId}-${bookKey}-${kind}-${when.getTime()}`, readerId, bookId, kind, rating, time: when }
}

import type { Kysely } from 'kysely'
import { writeBooks } from '../book-writer.ts'
import type { Tables } from '../tables.ts'
import type { BookRow } from './book-row.ts'
import { planImport } from './plan-import.ts'
import { createProblems } from './problems.ts'

/** The number of books that an import added, changed and left. */
export interface Imported {
  added: number
  changed: number
  unchanged: number
}

/** Adds and changes the books of a file, all or none. `onProgress` gets the number saved. */
export function importBooks(
  tables: Kysely<Tables>,
  { file, rows }: { file: string; rows: readonly BookRow[] },
  onProgress: (done: number, total: number) => void,
): Promise<Imported> {
  return writeBooks(tables, async (writer) => {
    const problems = createProblems(file)
    const { added, changed, unchanged } = planImport(rows, await writer.listBooks(), problems)
    problems.throwIfAny()

    const books = [...added, ...changed]
    await writer.save(books, (done) => onProgress(done, books.length))
    return { added: added.length, changed: changed.length, unchanged }
  })
}

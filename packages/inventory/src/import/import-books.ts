import type { Kysely } from 'kysely'
import { writeBooks } from '../book-writer.ts'
import type { Tables } from '../tables.ts'
import type { BookRow } from './book-row.ts'
import { planImport } from './plan-import.ts'
import { createProblems } from './problems.ts'

/** What came of an import, in books. */
export interface Imported {
  added: number
  changed: number
  unchanged: number
}

/** Adds and changes the books that a file has, all of them or none. `onProgress` is told how many of them are kept. */
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

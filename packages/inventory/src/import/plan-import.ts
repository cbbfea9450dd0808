import type { Book, SavedBook } from '../book.ts'
import { type BookRow, greatestId } from './book-row.ts'
import type { Problems } from './problems.ts'

/** The changes that an import makes. */
export interface ImportPlan {
  added: SavedBook[]
  changed: SavedBook[]
  unchanged: number
}

/**
 * Finds the book of each row: by its id, else by its title and author, else it is a new one with the next free id. Two
 * rows for the same book are a problem, and so are the title and author of another book. A row without stock leaves it.
 */
export function planImport(rows: readonly BookRow[], books: readonly SavedBook[], problems: Problems): ImportPlan {
  const known = new Map(books.map((book) => [book.id, book]))
  const idByName = new Map(books.map((book) => [nameOf(book), book.id]))
  const lineById = new Map<number, number>()
  const lineByName = new Map<string, number>()
  const plan: ImportPlan = { added: [], changed: [], unchanged: 0 }
  let lastId = [...books, ...rows].reduce((greatest, { id = 0 }) => Math.max(greatest, id), 0)

  for (const { line, ...row } of rows) {
    const name = nameOf(row)
    const knownId = row.id ?? idByName.get(name)
    const other = lineByName.get(name) ?? lineById.get(knownId ?? 0)
    if (other !== undefined) {
      problems.add(line, `is the same book as line ${other}`)
      continue
    }
    const id = knownId ?? ++lastId
    if (id > greatestId) problems.add(line, 'needs an id, and there is none left above the greatest')
    lineById.set(id, line)
    lineByName.set(name, line)

    const book = { ...row, id }
    const before = known.get(id)
    if (!before) plan.added.push(book)
    else if (isSame(book, before)) plan.unchanged++
    else plan.changed.push(book)
  }

  for (const { id, ...book } of [...plan.added, ...plan.changed]) {
    const owner = idByName.get(nameOf(book))
    // The other book may get a new title in the same file.
    if (owner === undefined || owner === id || lineById.has(owner)) continue
    problems.add(lineById.get(id) ?? 0, `book ${owner} has this title and author already`)
  }
  return plan
}

function nameOf({ title, author }: Pick<Book, 'title' | 'author'>): string {
  return `${title}\n${author}`
}

function isSame(row: SavedBook, book: SavedBook): boolean {
  return (Object.keys(book) as (keyof SavedBook)[]).every((key) => row[key] === undefined || row[key] === book[key])
}

import { categories } from '@books/catalogue'
import { Category, type Book as InventoryBook } from '@books/proto'
import type { Log } from '@books/runtime'
import type { Book } from './book.ts'
import { firstImportedId } from './book-ids.ts'

const categoryNames = new Map<Category, Book['category']>(
  categories.map((name) => [Category[`CATEGORY_${name}`], name]),
)
const maxInLine = 10
const maxLogged = 10_000

/** Returns a function that reads books of inventory. Invalid ones are left out, and logged once. */
export function createBookReader(log: Log): (messages: readonly InventoryBook[]) => Book[] {
  const logged = new Set<string>()

  return (messages) => {
    const problems: string[] = []
    const books = messages.flatMap((message) => {
      const read = readBook(message)
      if (typeof read !== 'string') return [read]
      const problem = `${message.id}: ${read}`
      if (!logged.has(problem) && logged.size < maxLogged) {
        logged.add(problem)
        problems.push(problem)
      }
      return []
    })
    if (problems.length > 0) {
      log.warn({ books: problems.slice(0, maxInLine), count: problems.length }, 'books of inventory are invalid')
    }
    return books
  }
}

/** The book of a message, or what is wrong with it. */
function readBook({ id, title, author, year, category }: InventoryBook): Book | string {
  const known = categoryNames.get(category)
  if (id < 1 || id >= firstImportedId) return `id must be from 1 to ${firstImportedId - 1}`
  if (title.trim() === '') return 'title is missing'
  // PostgreSQL stores no text with a zero byte.
  if (`${title}${author}`.includes('\0')) return 'title and author must be plain text'
  if (!known) return 'category must be one of the contract'
  return { id, title, author, year, category: known }
}

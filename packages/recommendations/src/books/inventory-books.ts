import { categories } from '@books/catalogue'
import { Category, type Book as InventoryBook } from '@books/proto'
import type { Log } from '@books/runtime'
import type { Book } from './book.ts'
import { firstImportedId } from './book-ids.ts'

const mostInLine = 10
const mostNamed = 10_000

/** Returns a function that reads books of inventory. Those that make no sense are left out, and named in the log once. */
export function createBookReader(log: Log): (told: readonly InventoryBook[]) => Book[] {
  const named = new Set<string>()

  return (told) => {
    const complaints: string[] = []
    const books = told.flatMap((message) => {
      const read = readBook(message)
      if (typeof read !== 'string') return [read]
      const complaint = `${message.id}: ${read}`
      if (!named.has(complaint) && named.size < mostNamed) {
        named.add(complaint)
        complaints.push(complaint)
      }
      return []
    })
    if (complaints.length > 0) {
      log.warn({ books: complaints.slice(0, mostInLine), count: complaints.length }, 'books of inventory are left out')
    }
    return books
  }
}

/** The book that a message tells of, or what is wrong with it. */
function readBook({ id, title, author, year, category }: InventoryBook): Book | string {
  const shelf = categories.find((name) => Category[`CATEGORY_${name}`] === category)
  if (id < 1 || id >= firstImportedId) return `id must be from 1 to ${firstImportedId - 1}`
  if (title.trim() === '') return 'title is missing'
  // PostgreSQL takes no text with a zero in it.
  if (`${title}${author}`.includes('\0')) return 'title and author must be plain text'
  if (!shelf) return 'category must be one that the contract names'
  return { id, title, author, year, category: shelf }
}

import { type Category, categories } from '@books/catalogue'
import type { Book } from '../book.ts'
import { isCurrency, priceExample, readPrice } from './price.ts'

/** The columns that a file of books must have, and those that it may. */
export const columns = { required: ['title', 'author', 'year', 'category', 'price'], optional: ['id', 'currency'] }

/** What a line of a file says of a book. */
export interface BookRow extends Omit<Book, 'id'> {
  /** Undefined for a book that is known by its title and author, or new. */
  id: number | undefined
  /** Where it is in the file, from 1. */
  line: number
}

/** The contract has no higher one. */
export const greatestId = 2 ** 31 - 1
const longestTitle = 300
const longestAuthor = 200

/** Reads a line. Each thing that is wrong with it is told; then there is no book. */
export function readBookRow(
  line: number,
  values: Record<string, string>,
  tell: (problem: string) => void,
): BookRow | undefined {
  const currency = readCurrency(values['currency'] || 'EUR')
  const row = {
    line,
    id: values['id'] ? readId(values['id']) : undefined,
    title: readText(values['title'], longestTitle),
    author: readText(values['author'], longestAuthor),
    year: readYear(values['year']),
    category: readCategory(values['category']),
    currency,
    priceCents: currency && readPrice(values['price'], currency),
  }
  const problems = [
    values['id'] && row.id === undefined && `id must be a number from 1 to ${greatestId}`,
    row.title === undefined && `title must be 1 to ${longestTitle} printable characters of UTF-8`,
    row.author === undefined && `author must be 1 to ${longestAuthor} printable characters of UTF-8`,
    row.year === undefined && 'year must be a number such as 1965, negative before the common era',
    row.category === undefined && `category must be one of ${categories.join(', ')}`,
    currency === undefined && 'currency must be three letters of ISO 4217, such as EUR',
    currency &&
      row.priceCents === undefined &&
      `price must be a number such as ${priceExample(currency)} in ${currency}`,
  ].filter((problem): problem is string => typeof problem === 'string' && problem !== '')

  for (const problem of problems) tell(problem)
  return problems.length === 0 ? (row as BookRow) : undefined
}

function readId(text: string): number | undefined {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : 0
  return id >= 1 && id <= greatestId ? id : undefined
}

// U+FFFD stands where the bytes were no UTF-8.
const unreadable = /[\p{Cc}\ufffd]/u

function readText(text = '', longest: number): string | undefined {
  const tidy = text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim()
  return tidy === '' || unreadable.test(tidy) || Array.from(tidy).length > longest ? undefined : tidy
}

function readYear(text = ''): number | undefined {
  return /^-?\d{1,4}$/.test(text) ? Number(text) : undefined
}

function readCategory(text = ''): Category | undefined {
  const name = text
    .toUpperCase()
    .replaceAll(/['’]/g, '')
    .replaceAll(/[^A-Z]+/g, '_')
  return categories.find((category) => category === name)
}

function readCurrency(text: string): string | undefined {
  const code = text.toUpperCase()
  return isCurrency(code) ? code : undefined
}

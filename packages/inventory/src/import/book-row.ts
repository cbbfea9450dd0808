import { type Category, categories } from '@books/catalogue'
import { isBlank } from '@books/runtime'
import type { SavedBook } from '../book.ts'
import { isCurrency, priceExample, readPrice } from './price.ts'

/** The columns that a file of books must have, and those that it may. */
export const columns = {
  required: ['title', 'author', 'year', 'category', 'price'],
  optional: ['id', 'currency', 'stock'],
}

/** A book as a line of a file describes it. */
export interface BookRow extends Omit<SavedBook, 'id'> {
  /** Undefined for a new book, or one that is identified by its title and author. */
  id: number | undefined
  /** The line in the file, from 1. */
  line: number
}

/** The highest id of the contract. */
export const greatestId = 999_999_999
const longestTitle = 300
const longestAuthor = 200
const mostStock = 1_000_000

/** Reads a line. Reports each problem, and then returns undefined. */
export function readBookRow(
  line: number,
  values: Record<string, string>,
  report: (problem: string) => void,
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
    stock: values['stock'] ? readStock(values['stock']) : undefined,
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
    values['stock'] && row.stock === undefined && `stock must be a number from 0 to ${mostStock}`,
  ].filter((problem): problem is string => typeof problem === 'string' && problem !== '')

  for (const problem of problems) report(problem)
  return problems.length === 0 ? (row as BookRow) : undefined
}

function readId(text: string): number | undefined {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : 0
  return id >= 1 && id <= greatestId ? id : undefined
}

function readStock(text: string): number | undefined {
  const stock = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN
  return stock <= mostStock ? stock : undefined
}

// U+FFFD replaces bytes that are not UTF-8.
const unprintable = /[\p{Cc}\ufffd]/u

function readText(text = '', longest: number): string | undefined {
  const normalized = text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim()
  return isBlank(normalized) || unprintable.test(normalized) || Array.from(normalized).length > longest
    ? undefined
    : normalized
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

import { readFileSync } from 'node:fs'

/** The shelves of the store, by the names that the contracts use. */
export const categories = [
  'MYSTERY',
  'SCIENCE_FICTION',
  'SELF_HELP',
  'FANTASY',
  'ROMANCE',
  'HISTORICAL_FICTION',
  'HORROR',
  'CLASSICS',
  'CHILDRENS',
  'BIOGRAPHY',
  'HISTORY',
  'SCIENCE',
] as const

/** A shelf of the store. */
export type Category = (typeof categories)[number]

/** A book of the first catalogue. */
export interface Book {
  id: number
  title: string
  author: string
  /** When it was first published as a book. */
  year: number
  category: Category
  /** What it costs, in the smallest unit of the currency. */
  priceCents: number
  /** ISO 4217. */
  currency: 'EUR'
}

/** Reads the first catalogue, in the order of its ids. */
export function loadCatalogue(): Book[] {
  return JSON.parse(readFileSync(new URL('../books.json', import.meta.url), 'utf8'))
}

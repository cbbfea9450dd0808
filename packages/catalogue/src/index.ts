import { readFileSync } from 'node:fs'

/** The categories of the store, named as in the contracts. */
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

/** A category of the store. */
export type Category = (typeof categories)[number]

/** A book of the catalogue. */
export interface Book {
  id: number
  title: string
  author: string
  /** The year of its first publication as a book. */
  year: number
  category: Category
  /** The price in the smallest unit of the currency. */
  priceCents: number
  /** ISO 4217. */
  currency: 'EUR'
}

/** Reads the catalogue, in the order of ids. */
export function loadCatalogue(): Book[] {
  return JSON.parse(readFileSync(new URL('../books.json', import.meta.url), 'utf8'))
}

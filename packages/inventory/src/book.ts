import type { Book as CatalogueBook } from '@books/catalogue'

/** A book of the store. */
export interface Book extends Omit<CatalogueBook, 'currency'> {
  /** ISO 4217. */
  currency: string
}

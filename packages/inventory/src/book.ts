import type { Book as CatalogueBook } from '@books/catalogue'

/** A book of the store. */
export interface Book extends Omit<CatalogueBook, 'currency'> {
  /** ISO 4217. */
  currency: string
}

/** A book with its availability. */
export interface ShownBook extends Book {
  /** Its free copies as they were seconds ago; 6 stands for any greater number. */
  copiesShown: number
}

/** A book to save. */
export interface SavedBook extends Book {
  /** The number of copies that are to be free; undefined leaves those that are. */
  stock?: number | undefined
}

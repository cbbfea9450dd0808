import type { Book as CatalogueBook } from '@books/catalogue'

/** A book as it is recommended: what it costs counts for nothing here. */
export type Book = Omit<CatalogueBook, 'priceCents' | 'currency'>

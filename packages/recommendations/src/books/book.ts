import type { Book as CatalogueBook } from '@books/catalogue'

/** A book that may be recommended. Its price is inventory's alone. */
export type Book = Omit<CatalogueBook, 'priceCents' | 'currency'>

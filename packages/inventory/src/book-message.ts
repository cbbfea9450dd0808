import { type Category, categories } from '@books/catalogue'
import { type Book as BookMessage, Category as CategoryMessage } from '@books/proto'
import type { Book } from './book.ts'

/** A book as the contract puts it. */
export function toMessage({ id, title, author, year, category, priceCents, currency }: Book): BookMessage {
  return { id, title, author, year, category: CategoryMessage[`CATEGORY_${category}`], priceCents, currency }
}

/** The shelf that the contract means; undefined for one that it does not know. */
export function categoryOf(message: CategoryMessage): Category | undefined {
  return categories.find((category) => CategoryMessage[`CATEGORY_${category}`] === message)
}

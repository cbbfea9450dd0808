import { type Category, categories } from '@books/catalogue'
import { type Book as BookMessage, Category as CategoryMessage } from '@books/proto'
import type { ShownBook } from './book.ts'
import { availabilityOf } from './stock/availability.ts'

/** The message of a book. */
export function toMessage({ category, copiesShown, ...book }: ShownBook): BookMessage {
  const { id, title, author, year, priceCents, currency } = book
  return {
    ...{ id, title, author, year, category: CategoryMessage[`CATEGORY_${category}`], priceCents, currency },
    ...availabilityOf(copiesShown),
  }
}

/** The category of a message; undefined for one that the contract does not have. */
export function categoryOf(message: CategoryMessage): Category | undefined {
  return categories.find((category) => CategoryMessage[`CATEGORY_${category}`] === message)
}

import { type Category, categories } from '@books/catalogue'
import { Availability, type Book as BookMessage, Category as CategoryMessage } from '@books/proto'
import type { Book } from './book.ts'

/** The message of a book. */
export function toMessage({ id, title, author, year, category, priceCents, currency }: Book): BookMessage {
  return {
    ...{ id, title, author, year, category: CategoryMessage[`CATEGORY_${category}`], priceCents, currency },
    ...{ availability: Availability.AVAILABILITY_UNSPECIFIED, copiesLeft: 0 },
  }
}

/** The category of a message; undefined for one that the contract does not have. */
export function categoryOf(message: CategoryMessage): Category | undefined {
  return categories.find((category) => CategoryMessage[`CATEGORY_${category}`] === message)
}

import type { Category, ListBooksResponse } from '@books/proto'
import type { Answer } from '../../backends/backend.ts'
import type { Backends } from '../../backends/backends.ts'
import type { FoundRatings } from '../../backends/ratings.ts'
import { ratedCard, ratedCards } from '../book-reviews/rating.ts'
import { bookCard, type Card } from '../cards.ts'
import { categoryOf, type Shelf } from '../categories.ts'
import { byRating, type Sort, sorts } from './sorts.ts'

/** The number of books on a page of a shelf. */
export const booksOnPage = 24

/** Some books of a shelf in an order. */
export interface ShelfBooks extends Answer<{ cards: Card[]; totalSize: number }> {
  /** The order that they are in, which is not the one that was asked for where reviews did not answer. */
  sort: Sort
  ratingsFallback: string | undefined
}

/** Finds the books of a page of a shelf, and how readers rate them. */
export async function findShelfBooks(backends: Backends, shelf: Shelf, sort: Sort, page: number): Promise<ShelfBooks> {
  const place = { category: categoryOf(shelf), pageSize: booksOnPage, skip: (page - 1) * booksOnPage }
  const listed = backends.inventory.listBooks({ ...place, sort: sort.value })
  if (sort !== byRating) {
    const answer = await listed
    const ids = (answer.value?.books ?? []).map(({ id }) => id)
    return shelfBooks(answer, sort, await backends.ratings.find(ids, performance.now()))
  }

  // What takes its place is asked for at the same time, and ratings not once more, so that the page waits only once.
  listed.catch(() => {})
  return (await findRated(backends, place)) ?? shelfBooks(await listed, sorts[0], noRatings)
}

const noRatings: FoundRatings = { ratings: new Map(), fallback: 'reviews' }

interface Place {
  category: Category
  pageSize: number
  skip: number
}

function shelfBooks({ value, fallback }: Answer<ListBooksResponse>, sort: Sort, found: FoundRatings): ShelfBooks {
  const cards = ratedCards((value?.books ?? []).map(bookCard), found)
  return {
    value: value && { cards, totalSize: value.totalSize },
    ...{ fallback, sort, ratingsFallback: found.fallback },
  }
}

/** Undefined where reviews does not answer. */
async function findRated({ inventory, ratings }: Backends, place: Place): Promise<ShelfBooks | undefined> {
  const { value, fallback: ratingsFallback } = await ratings.listTopRated(place, { isOptional: true })
  if (!value) return undefined
  const answers = await Promise.all(value.ratings.map(({ bookId }) => inventory.findBook(bookId)))
  const fallback = answers.find((answer) => answer.fallback)?.fallback
  const cards = answers.flatMap((answer, index) => {
    const book = answer.value?.book
    return book ? [ratedCard(bookCard(book), value.ratings[index])] : []
  })
  const isMissing = fallback !== undefined && cards.length === 0
  const { totalSize } = value
  return { value: isMissing ? undefined : { cards, totalSize }, fallback, sort: byRating, ratingsFallback }
}

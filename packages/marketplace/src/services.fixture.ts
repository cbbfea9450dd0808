import { type Book as CatalogueBook, loadCatalogue } from '@books/catalogue'
import {
  Article,
  ArticleServiceService,
  Availability,
  Book,
  BookCategory,
  BookRecommendation,
  Category,
  InventoryServiceService,
  RecommendationsService,
} from '@books/proto'
import { type Handlers, notFound } from '@books/rpc'
import { fakeService } from '@books/rpc/testing'

/** The books of the catalogue. */
export const books = loadCatalogue()

/** Recommends in the order of the catalogue, with the first liked book as the reason. */
export function fakeRecommendations(handlers: Partial<Handlers<typeof RecommendationsService>> = {}) {
  return fakeService(RecommendationsService, {
    async recommend({ category, allCategories, maxResults, minOfCategory, likedIds, dislikedIds }) {
      const [becauseOfId] = likedIds
      const found = books.filter(
        (book) =>
          (allCategories || BookCategory[book.category] === category) &&
          ![...likedIds, ...dislikedIds].includes(book.id),
      )
      const needed = found.filter((book) => BookCategory[book.category] === category).slice(0, minOfCategory)
      let remaining = maxResults - needed.length
      const chosen = found.filter((book) => needed.includes(book) || remaining-- > 0)
      return { recommendations: chosen.map((book) => ({ ...recommendationOf(book), becauseOfId })) }
    },
    async recommendSimilar({ bookId, maxResults }) {
      const index = books.findIndex(({ id }) => id === bookId)
      if (index === -1) throw notFound('Book not found')
      return { recommendations: books.slice(index + 1, index + 1 + maxResults).map(recommendationOf) }
    },
    ...handlers,
  })
}

/** The books of which the fake inventory has two copies, and none. */
export const scarceBooks = { few: 7, none: 8 }

/** Has the books of the catalogue, each for 12.99 euros. */
export function fakeInventory(handlers: Partial<Handlers<typeof InventoryServiceService>> = {}) {
  return fakeService(InventoryServiceService, {
    async getBooks({ ids }) {
      const found = ids.flatMap((id) => books.filter((book) => book.id === id))
      return {
        books: found.map(inventoryBookOf),
        unknownIds: ids.filter((id) => !found.some((book) => book.id === id)),
      }
    },
    async listBooks({ category, pageSize, skip }) {
      const shelf = books.filter((book) => category === 0 || Category[`CATEGORY_${book.category}`] === category)
      return {
        books: shelf.slice(skip, skip + pageSize).map(inventoryBookOf),
        nextPageToken: '',
        totalSize: shelf.length,
      }
    },
    async searchBooks({ query, pageSize, skip }) {
      const found = books.filter(({ title }) => title.toLowerCase().includes(query.toLowerCase()))
      const matches = found.slice(skip, skip + pageSize).map((book) => {
        const start = book.title.toLowerCase().indexOf(query.toLowerCase())
        const titleRanges = [{ start, end: start + query.length }]
        return { book: inventoryBookOf(book), titleRanges, authorRanges: [] }
      })
      return { matches, totalSize: found.length }
    },
    ...handlers,
  })
}

/** Has thirteen articles. */
export function fakeArticles(handlers: Partial<Handlers<typeof ArticleServiceService>> = {}) {
  const articles = Array.from({ length: 13 }, (_, index) =>
    Article.fromPartial({
      id: 13 - index,
      title: `Letter number ${13 - index}`,
      author: 'Ada Vellum',
      summary: 'What arrived this week, and what did not.',
      content: '## Monday\n\nThe *post* came late.',
      createTime: `2026-11-${String(13 - index).padStart(2, '0')} 09:30:00`,
    }),
  )
  return fakeService(ArticleServiceService, {
    async articleList({ page, pageSize }) {
      const start = (Math.max(page, 1) - 1) * (pageSize || 10)
      return { articles: articles.slice(start, start + (pageSize || 10)), total: articles.length }
    },
    async articleDetail({ pk }) {
      const article = articles.find(({ id }) => id === pk)
      if (!article) throw notFound('Article not found')
      return { article }
    },
    ...handlers,
  })
}

function recommendationOf({ id, title, author, category }: CatalogueBook): BookRecommendation {
  return BookRecommendation.fromPartial({ id, title, author, category: BookCategory[category] })
}

function inventoryBookOf({ id, title, author, year, category }: CatalogueBook): Book {
  const price = { priceCents: 1299, currency: 'EUR' }
  const known = { id, title, author, year, category: Category[`CATEGORY_${category}`], ...price }
  if (id === scarceBooks.few)
    return Book.fromPartial({ ...known, availability: Availability.AVAILABILITY_FEW_LEFT, copiesLeft: 2 })
  const { AVAILABILITY_IN_STOCK, AVAILABILITY_OUT_OF_STOCK } = Availability
  return Book.fromPartial({
    ...known,
    availability: id === scarceBooks.none ? AVAILABILITY_OUT_OF_STOCK : AVAILABILITY_IN_STOCK,
  })
}

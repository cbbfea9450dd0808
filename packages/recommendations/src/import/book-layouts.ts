import { type Category, categories } from '@books/catalogue'
import { isBlank } from '@books/runtime'
import type { Book } from '../books/book.ts'
import type { Layout } from './read-file.ts'

/** A line of a books file. */
export interface BookFacts extends Omit<Book, 'id' | 'category'> {
  /** The id of the book in the ratings file. */
  key: string
  category: Category | undefined
}

/** The layouts that `import --books` reads, more specific ones first. */
export const bookLayouts: readonly Layout<BookFacts>[] = [
  {
    name: 'plain',
    columns: ['book', 'title', 'author', 'year', 'category'],
    read({ book = '', title = '', author = '', year = '', category = '' }) {
      if (!isCategory(category)) return `category must be one of ${categories.join(', ')}`
      return readFacts(book, title, author, year, category)
    },
  },
  {
    name: 'MovieLens',
    columns: ['movieid', 'title', 'genres'],
    read({ movieid = '', title = '', genres = '' }) {
      const year = /\((\d{4})\)\s*$/.exec(title)?.[1] ?? ''
      return readFacts(movieid, title.replace(/\s*\(\d{4}\)\s*$/, ''), '', year, categoryOfGenres(genres))
    },
  },
  {
    name: 'goodbooks',
    columns: ['book_id', 'authors', 'original_publication_year', 'title'],
    read: ({ book_id = '', title = '', authors = '', original_publication_year: year = '' }) =>
      readFacts(book_id, title, authors, year, undefined),
  },
  {
    name: 'Book-Crossing, as first published',
    columns: ['isbn', 'book-title', 'book-author', 'year-of-publication'],
    read: ({ isbn = '', 'book-title': title = '', 'book-author': author = '', 'year-of-publication': year = '' }) =>
      readFacts(isbn.toUpperCase(), title, author, year, undefined),
  },
]

const categoryByGenre: Readonly<Record<string, Category>> = {
  Mystery: 'MYSTERY',
  'Film-Noir': 'MYSTERY',
  'Sci-Fi': 'SCIENCE_FICTION',
  Fantasy: 'FANTASY',
  Romance: 'ROMANCE',
  War: 'HISTORICAL_FICTION',
  Western: 'HISTORICAL_FICTION',
  Horror: 'HORROR',
  Children: 'CHILDRENS',
  Documentary: 'HISTORY',
}

function categoryOfGenres(genres: string): Category | undefined {
  return genres.split('|').flatMap((genre) => categoryByGenre[genre] ?? [])[0]
}

function readFacts(key: string, title: string, author: string, year: string, category: Category | undefined) {
  if (key === '') return 'the book is missing'
  if (isBlank(title)) return 'title is missing'
  if (!/^(?:-?\d{1,4}(?:\.\d*)?)?$/.test(year)) return 'year must be a number of at most four digits'
  return { key, title, author, year: Math.trunc(Number(year)), category }
}

function isCategory(category: string): category is Category {
  return (categories as readonly string[]).includes(category)
}

import type { Kind } from '../readers/interaction.ts'
import type { Layout } from './read-file.ts'

/** A line of a ratings file. */
export interface Rating {
  readerId: number
  /** The id of the book in the file. */
  bookKey: string
  kind: Kind
  rating: number
  /** Undefined where the file has no times. */
  time: Date | undefined
}

const kinds: readonly string[] = ['viewed', 'liked', 'disliked', 'bought', 'rated'] satisfies Kind[]

/** The layouts that `import` reads, more specific ones first. */
export const ratingLayouts: readonly Layout<Rating>[] = [
  {
    name: 'plain',
    columns: ['reader', 'book', 'kind', 'time'],
    read({ reader = '', book = '', kind = '', rating = '', time = '' }) {
      if (!isKind(kind)) return `kind must be one of ${kinds.join(', ')}`
      const stars = kind === 'rated' ? readStars(rating, 5) : 0
      return typeof stars === 'string' ? stars : readRating(reader, book, kind, stars, new Date(time))
    },
  },
  {
    name: 'MovieLens',
    columns: ['userid', 'movieid', 'rating', 'timestamp'],
    read({ userid = '', movieid = '', rating = '', timestamp = '' }) {
      const stars = readStars(rating, 5)
      if (typeof stars === 'string') return stars
      if (!/^\d+$/.test(timestamp)) return 'timestamp must be a number of seconds since 1970'
      return readRating(userid, movieid, 'rated', stars, new Date(Number(timestamp) * 1000))
    },
  },
  {
    name: 'Book-Crossing',
    columns: ['user_id', 'isbn', 'rating'],
    read: ({ user_id = '', isbn = '', rating = '' }) => readOfTen(user_id, isbn, rating),
  },
  {
    name: 'Book-Crossing, as first published',
    columns: ['user-id', 'isbn', 'book-rating'],
    read: ({ 'user-id': user = '', isbn = '', 'book-rating': rating = '' }) => readOfTen(user, isbn, rating),
  },
  {
    name: 'goodbooks',
    columns: ['user_id', 'book_id', 'rating'],
    read({ user_id = '', book_id = '', rating = '' }) {
      const stars = readStars(rating, 5)
      return typeof stars === 'string' ? stars : readRating(user_id, book_id, 'rated', stars, undefined)
    },
  },
]

// Book-Crossing rates from 1 to 10; 0 is a book that a reader had and did not rate.
function readOfTen(reader: string, isbn: string, rating: string): Rating | string {
  const key = isbn.trim().toUpperCase()
  if (rating === '0') return readRating(reader, key, 'bought', 0, undefined)
  // One rating of the published set is 11.
  const stars = readStars(rating === '11' ? '10' : rating, 10)
  return typeof stars === 'string' ? stars : readRating(reader, key, 'rated', Math.ceil(stars / 2), undefined)
}

// Readers with an account have ids above.
const lastImportedReader = 999_999_999

function readRating(
  reader: string,
  bookKey: string,
  kind: Kind,
  rating: number,
  time: Date | undefined,
): Rating | string {
  const readerId = /^\d+$/.test(reader) ? Number(reader) : 0
  if (readerId < 1 || readerId > lastImportedReader)
    return `the reader must be a number from 1 to ${lastImportedReader}`
  if (time && !isFourDigitYear(time)) return 'time must be from the year 1 to 9999, such as 2026-05-04T12:00:00Z'
  if (bookKey === '') return 'the book is missing'
  return { readerId, bookKey, kind, rating, time }
}

// Invalid dates have no year.
function isFourDigitYear(time: Date): boolean {
  return time.getUTCFullYear() >= 1 && time.getUTCFullYear() <= 9_999
}

function readStars(text: string, max: number): number | string {
  const stars = Math.ceil(Number(text))
  return text !== '' && stars >= 1 && stars <= max ? stars : `rating must be above 0 and at most ${max}`
}

function isKind(kind: string): kind is Kind {
  return kinds.includes(kind)
}

import type { Book } from '@books/proto'
import type { Answer } from '../backends/backend.ts'
import { bookCard, type Card } from '../pages/cards.ts'
import type { Page } from '../pages/pages.ts'
import { paths } from '../pages/paths.ts'
import { mostOpinions, type Taste } from './preferences.ts'

/** What a visitor told the shop, as its template takes it. */
export interface TastePage extends Page {
  csrfToken: string
  forgetAction: string
  mostOpinions: number
  liked: SaidOf[]
  disliked: SaidOf[]
  isEmpty: boolean
  fallback: string | undefined
}

interface SaidOf {
  action: string
  title: string
  /** Undefined for a book that the inventory does not tell of. */
  card: Card | undefined
  csrfToken: string
}

/** The page of what a visitor said; `books` in the order of the opinions. */
export function tastePage(
  opinions: Taste,
  books: readonly Answer<{ book: Book | undefined }>[],
  csrfToken: string,
): TastePage {
  const said = opinions.map(({ bookId, verdict }, index) => {
    const book = books[index]?.value?.book
    const entry: SaidOf = {
      action: paths.tasteOfBook(bookId),
      title: book?.title ?? `Book ${bookId}`,
      card: book && bookCard(book),
      csrfToken,
    }
    return { verdict, entry }
  })
  const entriesOf = (wanted: string) => said.filter(({ verdict }) => verdict === wanted).map(({ entry }) => entry)
  return {
    title: 'Your taste · Books',
    csrfToken,
    forgetAction: paths.forgetTaste,
    mostOpinions,
    liked: entriesOf('liked'),
    disliked: entriesOf('disliked'),
    isEmpty: opinions.length === 0,
    fallback: books.some(({ isFallback }) => isFallback) ? 'inventory' : undefined,
  }
}

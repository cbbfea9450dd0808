import type { Book } from '@books/proto'
import type { Answer } from '../backends/backend.ts'
import { bookCard, type Card } from '../pages/cards.ts'
import type { Page } from '../pages/pages.ts'
import { paths } from '../pages/paths.ts'
import { maxOpinions, type Preferences } from './preferences.ts'

/** The page of a reader's preferences, as its template takes it. */
export interface PreferencesPage extends Page {
  csrfToken: string
  /** Whether the visitor is signed in, so that what they say is recorded. */
  isRecorded: boolean
  clearAction: string
  maxOpinions: number
  liked: OpinionEntry[]
  disliked: OpinionEntry[]
  isEmpty: boolean
  fallback: string | undefined
}

interface OpinionEntry {
  action: string
  title: string
  /** Undefined for a book without an answer from the inventory. */
  card: Card | undefined
  csrfToken: string
}

/** Makes the page of a reader's preferences; `books` are in the order of the opinions. */
export function preferencesPage(
  preferences: Preferences,
  books: readonly Answer<{ book: Book | undefined }>[],
  { csrfToken, isRecorded }: { csrfToken: string; isRecorded: boolean },
): PreferencesPage {
  const opinions = preferences.map(({ bookId, verdict }, index) => {
    const book = books[index]?.value?.book
    const entry: OpinionEntry = {
      action: paths.preferenceOfBook(bookId),
      title: book?.title ?? `Book ${bookId}`,
      card: book && bookCard(book),
      csrfToken,
    }
    return { verdict, entry }
  })
  const entriesOf = (wanted: string) => opinions.filter(({ verdict }) => verdict === wanted).map(({ entry }) => entry)
  return {
    title: 'Your taste · Books',
    csrfToken,
    isRecorded,
    clearAction: paths.clearPreferences,
    maxOpinions,
    liked: entriesOf('liked'),
    disliked: entriesOf('disliked'),
    isEmpty: preferences.length === 0,
    fallback: books.find(({ fallback }) => fallback)?.fallback,
  }
}

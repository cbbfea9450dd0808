import type { SearchBooksRequest, SearchBooksResponse } from '@books/proto'
import { invalidArgument } from '@books/rpc'
import { toMessage } from '../book-message.ts'
import { readPageSize, readSkip } from '../paging.ts'
import { editDistance, maxEditDistance } from './edit-distance.ts'
import { readNumber } from './number-words.ts'
import type { Found, SearchQuery, SearchStore, Substitute } from './search-store.ts'
import { wordsOf } from './words.ts'

const sizes = { default: 24, max: 100 }
const maxQueryLength = 200
// Titles have fewer words; more would only make the search slower.
const maxWords = 32

/** Creates the method SearchBooks. */
export function createSearchBooks(store: SearchStore) {
  return async (request: SearchBooksRequest): Promise<SearchBooksResponse> => {
    if (Array.from(request.query).length > maxQueryLength) {
      throw invalidArgument('query', `must have at most ${maxQueryLength} characters`)
    }
    const page = { skip: readSkip(request.skip), limit: readPageSize(request.pageSize, sizes) }
    const typed = wordsOf(request.query).map(({ text }) => text)
    if (typed.length === 0) return { matches: [], totalSize: 0 }

    const words = typed.filter((word, index) => typed.lastIndexOf(word) === index).slice(0, maxWords)
    const { matches, total } = await search(store, { words, phrase: typed.join(' '), ...page })
    return {
      matches: matches.map(({ book, ...ranges }) => ({ book: toMessage(book), ...ranges })),
      totalSize: total,
    }
  }
}

// Typing errors are corrected only where no book has all the words as typed, first in the words that no book has: a search
// for "king" must not find "kind", but "form here to eternity" must find "From Here to Eternity".
async function search(store: SearchStore, query: Omit<SearchQuery, 'substitutes'>): Promise<Found> {
  const figures = figuresOf(query.words)
  const typed = await store.search({ ...query, substitutes: figures })
  if (typed.hasFull) return typed

  const corrections = await listCorrections(store, query.words)
  const unknown = corrections.filter(({ index }) => typed.unknown.includes(index))
  const corrected =
    unknown.length === 0 ? typed : await store.search({ ...query, substitutes: [...figures, ...unknown] })
  if (corrected.hasFull || unknown.length === corrections.length) return corrected

  const guessed = await store.search({ ...query, substitutes: [...figures, ...corrections] })
  return guessed.hasFull ? guessed : corrected
}

/** Figures for numbers in words, as in "seven habits". The word itself fits better where a book has it. */
function figuresOf(words: readonly string[]): Substitute[] {
  return words.flatMap((word, index) => {
    const number = readNumber([word])
    return number === undefined ? [] : { index, word: String(number), fit: 0.95 }
  })
}

/** Known words within the edit distance of the typed ones. */
async function listCorrections(store: SearchStore, words: readonly string[]): Promise<Substitute[]> {
  const correctable = words.filter((word) => maxEditDistance(word) > 0)
  if (correctable.length === 0) return []
  const similar = await store.listSimilarWords(correctable)

  return similar.flatMap(({ asked, index, word }) => {
    const distance = editDistance(asked, word)
    const isCorrection = distance > 0 && distance <= maxEditDistance(asked)
    return isCorrection ? { index: words.indexOf(correctable[index] ?? ''), word, fit: 1 - 0.3 * distance } : []
  })
}

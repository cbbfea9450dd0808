import type { SearchBooksRequest, SearchBooksResponse } from '@books/proto'
import { invalidArgument } from '@books/rpc'
import { toMessage } from './book-message.ts'
import { forgivenSlips, slipsBetween } from './edit-distance.ts'
import { readNumber } from './number-words.ts'
import { readPageSize, readSkip } from './paging.ts'
import type { Found, SearchStore, SearchWish, Substitute } from './search-store.ts'
import { wordsOf } from './words.ts'

const sizes = { usual: 24, most: 100 }
const longestQuery = 200
// Titles are shorter; what comes after them would only make the search slower.
const mostWords = 32

/** Answers the books that fit a query. */
export function createSearchBooks(store: SearchStore) {
  return async (request: SearchBooksRequest): Promise<SearchBooksResponse> => {
    if (Array.from(request.query).length > longestQuery) {
      throw invalidArgument('query', `must have at most ${longestQuery} characters`)
    }
    const page = { skip: readSkip(request.skip), limit: readPageSize(request.pageSize, sizes) }
    const typed = wordsOf(request.query).map(({ text }) => text)
    if (typed.length === 0) return { matches: [], totalSize: 0 }

    const words = typed.filter((word, index) => typed.lastIndexOf(word) === index).slice(0, mostWords)
    const { matches, total } = await search(store, { words, phrase: typed.join(' '), ...page })
    return {
      matches: matches.map(({ book, ...ranges }) => ({ book: toMessage(book), ...ranges })),
      totalSize: total,
    }
  }
}

// Slips are forgiven where no book has all the words as they were typed, at first in the words that none has at all:
// who looks for a king shall not find a kind, but who typed "form here to eternity" shall find what was meant.
async function search(store: SearchStore, wish: Omit<SearchWish, 'substitutes'>): Promise<Found> {
  const figures = figuresOf(wish.words)
  const typed = await store.search({ ...wish, substitutes: figures })
  if (typed.hasFull) return typed

  const meant = await listMeant(store, wish.words)
  const unknown = meant.filter(({ index }) => typed.unknown.includes(index))
  const mended = unknown.length === 0 ? typed : await store.search({ ...wish, substitutes: [...figures, ...unknown] })
  if (mended.hasFull || unknown.length === meant.length) return mended

  const guessed = await store.search({ ...wish, substitutes: [...figures, ...meant] })
  return guessed.hasFull ? guessed : mended
}

/** Numbers in words, as figures: "seven habits". The word itself fits better where a book has it. */
function figuresOf(words: readonly string[]): Substitute[] {
  return words.flatMap((word, index) => {
    const number = readNumber([word])
    return number === undefined ? [] : { index, word: String(number), fit: 0.95 }
  })
}

/** Known words that are a slip or two away from what was typed. */
async function listMeant(store: SearchStore, words: readonly string[]): Promise<Substitute[]> {
  const unsure = words.filter((word) => forgivenSlips(word) > 0)
  if (unsure.length === 0) return []
  const alike = await store.listAlike(unsure)

  return alike.flatMap(({ asked, index, word }) => {
    const slips = slipsBetween(asked, word)
    const isMeant = slips > 0 && slips <= forgivenSlips(asked)
    return isMeant ? { index: words.indexOf(unsure[index] ?? ''), word, fit: 1 - 0.3 * slips } : []
  })
}

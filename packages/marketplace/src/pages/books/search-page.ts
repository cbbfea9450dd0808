import type { BookMatch, SearchBooksResponse, TextRange } from '@books/proto'
import type { Answer } from '../../backends/backend.ts'
import type { FoundRatings } from '../../backends/ratings.ts'
import { ratedCards } from '../book-reviews/rating.ts'
import { bookCard, type Card } from '../cards.ts'
import { type Page, paginationOf } from '../pages.ts'
import { paths } from '../paths.ts'

/** The number of matches on a page. */
export const matchesOnPage = 20

/** The page of a search, as its template takes it. */
export interface SearchPage extends Page {
  q: string
  /** The number of matches, in words. */
  summary: string | undefined
  matches: Match[]
  /** Whether there are no matches for a query. */
  hasNoMatches: boolean
  fallback: string | undefined
  ratingsFallback: string | undefined
  notice: string | undefined
}

interface Match extends Card {
  titleParts: TextPart[]
  authorParts: TextPart[]
}

/** A part of a text, and whether it matches the query. */
export interface TextPart {
  text: string
  isMatch: boolean
}

interface SearchContent {
  q: string
  page: number
  answer: Answer<SearchBooksResponse>
  ratings: FoundRatings
}

const searchTitle = 'Search · Books'

/** Makes the page without a query. */
export function emptySearchPage(): SearchPage {
  return {
    title: searchTitle,
    path: paths.search(),
    q: '',
    summary: undefined,
    matches: [],
    hasNoMatches: false,
    fallback: undefined,
    ratingsFallback: undefined,
    notice: undefined,
  }
}

/** Makes a page of matches. */
export function searchPage({ q, page, answer, ratings }: SearchContent): SearchPage {
  const { matches = [], totalSize = 0 } = answer.value ?? {}
  const count = totalSize === 1 ? 'One book' : `${totalSize} books`
  return {
    title: `${q} · ${searchTitle}`,
    pagination: paginationOf(page, Math.ceil(totalSize / matchesOnPage), (other) => paths.search({ q, page: other })),
    q,
    summary: totalSize > 0 ? `${count} for “${q}”` : undefined,
    matches: ratedCards(matches.flatMap(toMatch), ratings),
    hasNoMatches: answer.value !== undefined && totalSize === 0,
    fallback: answer.fallback,
    ratingsFallback: ratings.fallback,
    notice: answer.value ? undefined : 'We cannot search the shelves just now. Please try again in a moment.',
  }
}

function toMatch({ book, titleRanges, authorRanges }: BookMatch): Match[] {
  if (!book) return []
  const { title, author } = book
  return [{ ...bookCard(book), titleParts: partsOf(title, titleRanges), authorParts: partsOf(author, authorRanges) }]
}

/** Splits a text at the ends of its ranges, which are in code points and in order. */
export function partsOf(text: string, ranges: readonly TextRange[]): TextPart[] {
  const points = Array.from(text)
  const parts: TextPart[] = []
  const add = (start: number, end: number, isMatch: boolean) => {
    if (end > start) parts.push({ text: points.slice(start, end).join(''), isMatch })
  }

  let position = 0
  for (const { start, end } of ranges) {
    add(position, start, false)
    add(Math.max(start, position), end, true)
    position = Math.max(position, end)
  }
  add(position, points.length, false)
  return parts
}

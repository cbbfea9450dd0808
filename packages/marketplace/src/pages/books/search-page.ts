import type { BookMatch, SearchBooksResponse, TextRange } from '@books/proto'
import type { Answer } from '../../backends/backend.ts'
import { bookCard, type Card } from '../cards.ts'
import { type Page, paginationOf } from '../pages.ts'
import { paths } from '../paths.ts'
import { fallbackOf } from '../shelf-section.ts'

/** How many matches a page shows. */
export const matchesOnPage = 20

/** A search as its template takes it. */
export interface SearchPage extends Page {
  q: string
  /** What was found, in words. */
  summary: string | undefined
  matches: Match[]
  /** Whether something was asked and nothing fits. */
  isFruitless: boolean
  fallback: string | undefined
  notice: string | undefined
}

interface Match extends Card {
  titleParts: TextPart[]
  authorParts: TextPart[]
}

/** A part of a text, and whether it is what was looked for. */
export interface TextPart {
  text: string
  isMatch: boolean
}

interface SearchContent {
  q: string
  page: number
  answer: Answer<SearchBooksResponse>
}

const searchTitle = 'Search · Books'

/** The page before anything was asked. */
export function emptySearchPage(): SearchPage {
  return {
    title: searchTitle,
    path: paths.search(),
    q: '',
    summary: undefined,
    matches: [],
    isFruitless: false,
    fallback: undefined,
    notice: undefined,
  }
}

/** What was found. */
export function searchPage({ q, page, answer }: SearchContent): SearchPage {
  const { matches = [], totalSize = 0 } = answer.value ?? {}
  const count = totalSize === 1 ? 'One book' : `${totalSize} books`
  return {
    title: `${q} · ${searchTitle}`,
    pagination: paginationOf(page, Math.ceil(totalSize / matchesOnPage), (other) => paths.search({ q, page: other })),
    q,
    summary: totalSize > 0 ? `${count} for “${q}”` : undefined,
    matches: matches.flatMap(toMatch),
    isFruitless: answer.value !== undefined && totalSize === 0,
    fallback: fallbackOf(answer, 'inventory'),
    notice: answer.value ? undefined : 'We cannot search the shelves just now. Please try again in a moment.',
  }
}

function toMatch({ book, titleRanges, authorRanges }: BookMatch): Match[] {
  if (!book) return []
  const { title, author } = book
  return [{ ...bookCard(book), titleParts: partsOf(title, titleRanges), authorParts: partsOf(author, authorRanges) }]
}

/** Cuts a text at the borders of its ranges, which are in code points and in order. */
export function partsOf(text: string, ranges: readonly TextRange[]): TextPart[] {
  const points = Array.from(text)
  const parts: TextPart[] = []
  const cut = (start: number, end: number, isMatch: boolean) => {
    if (end > start) parts.push({ text: points.slice(start, end).join(''), isMatch })
  }

  let place = 0
  for (const { start, end } of ranges) {
    cut(place, start, false)
    cut(Math.max(start, place), end, true)
    place = Math.max(place, end)
  }
  cut(place, points.length, false)
  return parts
}

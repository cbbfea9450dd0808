import { type Kysely, sql } from 'kysely'
import type { ShownBook } from '../book.ts'
import type { Tables } from '../tables.ts'
import { mergeRanges, type Range } from './ranges.ts'

/** A word that may replace one of the query. */
export interface Substitute {
  /** The index of the replaced word. */
  index: number
  /** As stored, without accents. */
  word: string
  /** How well it fits, from 0 to 1; 1 is the word itself. */
  fit: number
}

/** What to search for. */
export interface SearchQuery {
  /** Distinct words in lower case; accents do not matter. The last one may be a prefix. */
  words: readonly string[]
  /** All words in order, to find a title that was typed in full. */
  phrase: string
  substitutes: readonly Substitute[]
  skip: number
  limit: number
}

/** A book that was found, with the ranges that match. */
export interface Match {
  book: ShownBook
  titleRanges: Range[]
  authorRanges: Range[]
}

/** The result of a search. */
export interface Found {
  /** The page of matches, the best first. */
  matches: Match[]
  total: number
  /** Whether any book fits every word. */
  hasFull: boolean
  /** The indexes of the words that no book fits. */
  unknown: number[]
}

/** Searches books by the words of titles and authors. */
export interface SearchStore {
  search(query: SearchQuery): Promise<Found>
  /** For each of the words, known words that are similar by trigrams, the most similar first. */
  listSimilarWords(words: readonly string[]): Promise<{ index: number; asked: string; word: string }[]>
}

// A prefix fits a little worse than the word.
const prefixFit = 0.9
// Chosen by searches in this catalogue and one of 10,000 books, such as those in the tests.
const leastShare = 0.35
const shareOfBest = 0.6
// Of 15,000 words, this many include practically every one at an edit distance of 1.
const maxSimilar = 100

/** Searches the service's own tables. */
export function createSearchStore(tables: Kysely<Tables>): SearchStore {
  return {
    async search({ words, phrase, substitutes, skip, limit }) {
      const { rows } = await sql<FoundRows>`
        -- The words that were typed, without accents.
        with asked as materialized (
          select ordinality::integer as place, inventory.fold(text) as word, ordinality = cardinality(${words}::text[]) as is_last
          from unnest(${words}::text[]) with ordinality as given(text, ordinality)
        ),
        -- The words that fit one of them: the word itself, those that the last one is a prefix of, and substitutes.
        fitting as materialized (
          select place, book_words.*, 1::float8 as fit
          from asked join inventory.book_words using (word)
          union all
          select place, book_words.*, ${prefixFit}::float8
          from asked join inventory.book_words
            on book_words.word > asked.word and book_words.word < asked.word || ${lastLetter}
          where is_last and asked.word <> ''
          union all
          select substitutes.index + 1, book_words.*, substitutes.fit
          from json_to_recordset(${JSON.stringify(substitutes)}::json) as substitutes(index integer, word text, fit float8)
          join inventory.book_words using (word)
        ),
        fits as (select place, book_id, max(fit) as fit from fitting group by place, book_id),
        -- The fewer books have a word, the more it weighs.
        weights as (
          select place, ln(1 + (select count(*) from inventory.books) / greatest(1, count(book_id))::float8) as weight
          from asked left join fits using (place) group by place
        ),
        shares as (
          select book_id, sum(fit * weight) / (select sum(weight) from weights) as share,
            count(*) = (select count(*) from asked) as is_full
          from fits join weights using (place) group by book_id
        ),
        -- Books with a small share of the query, or much less than the best, are left out.
        kept as materialized (
          select * from shares
          where share >= greatest(${leastShare}, ${shareOfBest} * (select max(share) from shares))
        ),
        -- The title that was typed comes first; of books with equal shares, those with the shortest title and author.
        page as materialized (
          select books.*, row_number() over (order by
            title_key = inventory.fold(${phrase}) desc, share desc, length(title) + length(author), title_key, id
          ) as rank
          from kept join inventory.books on id = book_id
          order by rank offset ${skip} limit ${limit}
        ),
        ranges as (
          select book_id, json_agg(distinct jsonb_build_array(in_title, start, "end")) as ranges
          from page join fits on book_id = id join fitting using (place, book_id, fit) group by book_id
        )
        select
          (select count(*)::integer from kept) as total,
          exists (select from kept where is_full) as has_full,
          array(select place - 1 from asked where place not in (select place from fits)) as unknown,
          (
            select json_agg(json_build_object('book', page, 'ranges', ranges) order by rank)
            from page join ranges on book_id = id
          ) as matches
      `.execute(tables)
      const [{ total, has_full: hasFull, unknown, matches } = nothing] = rows
      return { total, hasFull, unknown, matches: (matches ?? []).map(matchOf) }
    },

    async listSimilarWords(words) {
      const { rows } = await sql<{ index: number; asked: string; word: string }>`
        select ordinality::integer - 1 as index, asked, word
        from unnest(${words}::text[]) with ordinality as given(text, ordinality),
          inventory.fold(text) as asked,
          inventory.words_like(asked, ${maxSimilar}) as word
      `.execute(tables)
      return rows
    },
  }
}

// Every text with a prefix sorts before the prefix followed by this.
const lastLetter = '\u{10ffff}'
const nothing: FoundRows = { total: 0, has_full: false, unknown: [], matches: null }

interface FoundRows {
  total: number
  has_full: boolean
  unknown: number[]
  matches: FoundRow[] | null
}

interface FoundRow {
  book: Omit<ShownBook, 'priceCents' | 'copiesShown'> & { price_cents: number; copies_shown: number }
  ranges: [inTitle: boolean, start: number, end: number][]
}

function matchOf({ book, ranges }: FoundRow): Match {
  const { id, title, author, year, category, currency, price_cents: priceCents, copies_shown: copiesShown } = book
  return {
    book: { id, title, author, year, category, priceCents, currency, copiesShown },
    titleRanges: rangesIn(true),
    authorRanges: rangesIn(false),
  }

  function rangesIn(title: boolean): Range[] {
    return mergeRanges(ranges.flatMap(([inTitle, start, end]) => (inTitle === title ? { start, end } : [])))
  }
}

import type { ArticleListResponse } from '@books/proto'
import type { Backends } from '../../backends/backends.ts'
import { type ArticleCard, articleCard } from '../journal/article-card.ts'
import { articlesOnPage } from '../journal/articles-page.ts'
import { memoizeObject } from '../memoize.ts'
import { paths } from '../paths.ts'

/** The latest articles on another page, as `partials/journal.hbs` takes them. */
export interface JournalSection {
  /** Where all articles are. */
  href: string
  articles: ArticleCard[]
  fallback: string | undefined
  /** Shown where there are no articles. */
  notice: string | undefined
}

const shown = 2

/** Finds the latest articles; undefined while there are none. */
export async function findJournalSection({ articles }: Backends): Promise<JournalSection | undefined> {
  // The same request as that of the journal's first page and of the feed, so that they share a cached answer.
  const request = { page: 1, pageSize: articlesOnPage }
  const { value, fallback } = await articles.articleList(request, { isOptional: true })
  if (value?.articles.length === 0) return undefined
  if (!value) return { ...empty, fallback, notice: 'The journal is out of reach just now.' }
  const section = sectionOf(value)
  return fallback === undefined ? section : { ...section, fallback }
}

const empty = { href: paths.articles(), articles: [] }

// The same object for the same answer, so that it is rendered once.
const sectionOf = memoizeObject(
  ({ articles }: ArticleListResponse): JournalSection => ({
    ...empty,
    articles: articles.slice(0, shown).map(articleCard),
    fallback: undefined,
    notice: undefined,
  }),
)

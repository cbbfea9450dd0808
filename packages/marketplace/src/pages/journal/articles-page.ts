import type { ArticleListResponse } from '@books/proto'
import type { Answer } from '../../backends/backend.ts'
import { type Page, paginationOf } from '../pages.ts'
import { paths } from '../paths.ts'
import { type ArticleCard, articleCard } from './article-card.ts'

/** The number of articles on a page of the journal. */
export const articlesOnPage = 10

/** A page of the journal, as its template takes it. */
export interface ArticlesPage extends Page {
  articles: ArticleCard[]
  fallback: string | undefined
  notice: string | undefined
}

/** Makes a page of the journal. */
export function articlesPage(page: number, answer: Answer<ArticleListResponse>): ArticlesPage {
  const linkTo = (other: number) => paths.articles({ page: other })
  const { articles = [], total = 0 } = answer.value ?? {}
  return {
    title: `The journal${page > 1 ? `, page ${page}` : ''} · Books`,
    description: 'Notes on books and reading, from the people who mind the shop.',
    path: linkTo(page),
    pagination: paginationOf(page, Math.ceil(total / articlesOnPage), linkTo),
    articles: articles.map(articleCard),
    fallback: answer.fallback,
    notice: noticeOf(answer.value),
  }
}

function noticeOf(value: ArticleListResponse | undefined): string | undefined {
  if (!value) return 'The journal is out of reach just now. Please look in again in a moment.'
  return value.articles.length === 0 ? 'Nothing has been written yet.' : undefined
}

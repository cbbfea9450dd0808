import type { ArticleListResponse } from '@books/proto'
import type { Answer } from '../../backends/backend.ts'
import { type Page, paginationOf } from '../pages.ts'
import { paths } from '../paths.ts'
import { fallbackOf } from '../shelf-section.ts'
import { type ArticleCard, articleCard } from './article-card.ts'

/** How many articles a page of the journal shows. */
export const articlesOnPage = 10

/** The journal as its template takes it. */
export interface ArticlesPage extends Page {
  articles: ArticleCard[]
  fallback: string | undefined
  notice: string | undefined
}

/** One page of the journal. */
export function articlesPage(page: number, answer: Answer<ArticleListResponse>): ArticlesPage {
  const linkTo = (other: number) => paths.articles({ page: other })
  const { articles = [], total = 0 } = answer.value ?? {}
  return {
    title: `The journal${page > 1 ? `, page ${page}` : ''} · Books`,
    description: 'Notes on books and reading, from the people who mind the shop.',
    path: linkTo(page),
    pagination: paginationOf(page, Math.ceil(total / articlesOnPage), linkTo),
    articles: articles.map(articleCard),
    fallback: fallbackOf(answer, 'articles'),
    notice: noticeOf(answer.value),
  }
}

function noticeOf(value: ArticleListResponse | undefined): string | undefined {
  if (!value) return 'The journal is out of reach just now. Please look in again in a moment.'
  return value.articles.length === 0 ? 'Nothing has been written yet.' : undefined
}

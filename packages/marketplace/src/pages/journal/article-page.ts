import type { ArticleDetailResponse } from '@books/proto'
import Handlebars from 'handlebars'
import type { Answer } from '../../backends/backend.ts'
import type { Page } from '../pages.ts'
import { paths } from '../paths.ts'
import { type ArticleCard, articleCard } from './article-card.ts'

/** The page of an article, as its template takes it. */
export interface ArticlePage extends Page {
  /** Undefined where the service did not answer. */
  article: (ArticleCard & { content: Handlebars.SafeString }) | undefined
  fallback: string | undefined
}

/** Makes the page of an article; `htmlOf` renders its Markdown as sanitized HTML. */
export function articlePage(answer: Answer<ArticleDetailResponse>, htmlOf: (markdown: string) => string): ArticlePage {
  const article = answer.value?.article
  return {
    title: article ? `${article.title} · Books` : 'An article · Books',
    ...(article?.summary && { description: article.summary }),
    ...(article && { path: paths.article(article.id), openGraphType: 'article' as const }),
    article: article && { ...articleCard(article), content: new Handlebars.SafeString(htmlOf(article.content)) },
    fallback: answer.fallback,
  }
}

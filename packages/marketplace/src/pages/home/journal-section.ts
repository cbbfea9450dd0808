import type { ArticlesSource } from '../../backends/articles-backend.ts'
import { orNone } from '../../backends/backend.ts'
import { type ArticleCard, articleCard } from '../journal/article-card.ts'
import { articlesOnPage } from '../journal/articles-page.ts'
import { fallbackOf } from '../shelf-section.ts'

/** The latest of the journal on another page, as `partials/journal.hbs` takes it. */
export interface JournalSection {
  articles: ArticleCard[]
  fallback: string | undefined
  /** Said in place of articles where there are none. */
  notice: string | undefined
}

const shown = 2

/** Asks for the latest of the journal; undefined while it is empty. */
export async function findJournalSection(articles: ArticlesSource): Promise<JournalSection | undefined> {
  // All of the journal's first page, as that is remembered for the page itself and for the feed, too.
  const answer = await orNone(articles.listArticles({ page: 1, pageSize: articlesOnPage }))
  if (answer.value?.articles.length === 0) return undefined
  return {
    articles: (answer.value?.articles ?? []).slice(0, shown).map(articleCard),
    fallback: fallbackOf(answer, 'articles'),
    notice: answer.value ? undefined : 'The journal is out of reach just now.',
  }
}

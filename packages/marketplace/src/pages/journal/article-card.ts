import type { Article } from '@books/proto'
import { formatDay } from '../format.ts'
import { remember } from '../memoize.ts'
import { paths } from '../paths.ts'
import { readCreateTime } from './create-time.ts'

/** An article among others, as templates take it. */
export interface ArticleCard {
  title: string
  href: string
  author: string
  summary: string
  /** When it was published, for people; undefined where the journal does not say. */
  day: string | undefined
  /** The same for machines. */
  publishedAt: string | undefined
}

/** The card of an article. */
export const articleCard = remember(['title', 'author', 'summary', 'createTime'], (article: Article): ArticleCard => {
  const { id, title, author, summary, createTime } = article
  const moment = readCreateTime(createTime)
  return {
    ...{ title, author, summary },
    href: paths.article(id),
    day: moment && formatDay(moment),
    publishedAt: moment?.toISOString(),
  }
})

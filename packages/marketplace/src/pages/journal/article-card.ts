import type { Article } from '@books/proto'
import { formatDay } from '../format.ts'
import { memoize } from '../memoize.ts'
import { paths } from '../paths.ts'
import { readCreateTime } from './create-time.ts'

/** An article in a list, as templates take it. */
export interface ArticleCard {
  title: string
  href: string
  author: string
  summary: string
  /** The day of publication; undefined where it is unknown. */
  day: string | undefined
  /** The time of publication in ISO 8601. */
  publishedAt: string | undefined
}

/** The card of an article. */
export const articleCard = memoize(['title', 'author', 'summary', 'createTime'], (article: Article): ArticleCard => {
  const { id, title, author, summary, createTime } = article
  const moment = readCreateTime(createTime)
  return {
    ...{ title, author, summary },
    href: paths.article(id),
    day: moment && formatDay(moment),
    publishedAt: moment?.toISOString(),
  }
})

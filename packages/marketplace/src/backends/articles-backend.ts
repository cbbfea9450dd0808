import type { ArticleServiceService } from '@books/proto'
import type { Client } from '@books/rpc'
import type { Answer, Source } from './backend.ts'

type Service = Client<typeof ArticleServiceService>
type Request<Method extends 'articleList' | 'articleDetail'> = Parameters<Service[Method]>[0]
type Response<Method extends 'articleList' | 'articleDetail'> = Awaited<ReturnType<Service[Method]>>

/** What the shop asks the journal. */
export interface ArticlesSource {
  /** A page of articles, the newest first. */
  listArticles(request: Request<'articleList'>): Promise<Answer<Response<'articleList'>>>
  /** One article. Rejects with NOT_FOUND where there is none. */
  readArticle(request: Request<'articleDetail'>): Promise<Answer<Response<'articleDetail'>>>
}

/** Asks the journal through its source. */
export function createArticlesSource(service: Service, source: Source): ArticlesSource {
  return {
    listArticles: (request) => source.ask(`list ${JSON.stringify(request)}`, () => service.articleList(request)),
    readArticle: (request) => source.ask(`read ${JSON.stringify(request)}`, () => service.articleDetail(request)),
  }
}

import type { RecommendationsService } from '@books/proto'
import type { Client } from '@books/rpc'
import type { Answer, Source } from './backend.ts'

type Service = Client<typeof RecommendationsService>
type Request<Method extends 'recommend' | 'recommendSimilar'> = Parameters<Service[Method]>[0]
type Response<Method extends 'recommend' | 'recommendSimilar'> = Awaited<ReturnType<Service[Method]>>

/** What the shop asks recommendations. */
export interface RecommendationsSource {
  /** Books that a reader may like. */
  recommend(request: Request<'recommend'>): Promise<Answer<Response<'recommend'>>>
  /** Books that readers of a book like, too. Rejects with NOT_FOUND for a book that recommendations does not know. */
  recommendSimilar(request: Request<'recommendSimilar'>): Promise<Answer<Response<'recommendSimilar'>>>
}

/** Asks recommendations through its source. */
export function createRecommendationsSource(service: Service, source: Source): RecommendationsSource {
  return {
    recommend: (request) => source.ask(`recommend ${JSON.stringify(request)}`, () => service.recommend(request)),
    recommendSimilar: (request) =>
      source.ask(`similar ${JSON.stringify(request)}`, () => service.recommendSimilar(request)),
  }
}

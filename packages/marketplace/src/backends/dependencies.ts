import { ArticleServiceService, InventoryServiceService, RecommendationsService } from '@books/proto'
import { type ClientsOf, dependency } from '@books/service'

// A page has half a second for its backends, and timers may be late.
const options = { isOptional: true, deadlineMs: 450 }

/** The services that pages are made from. */
export const dependencies = {
  recommendations: dependency(RecommendationsService, { port: 50_051, ...options }),
  articles: dependency(ArticleServiceService, { port: 50_052, ...options }),
  inventory: dependency(InventoryServiceService, { port: 50_053, ...options }),
}

/** A client of each of them. */
export type Clients = ClientsOf<typeof dependencies>

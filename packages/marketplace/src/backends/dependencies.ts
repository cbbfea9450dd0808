import { ArticleServiceService, InventoryServiceService, RecommendationsService } from '@books/proto'
import { type ClientsOf, dependency } from '@books/service'

// A page opens within half a second, however late a timer is, with or without an answer.
const behindPages = { isOptional: true, deadlineMs: 450 }

/** The services that pages are made from. */
export const dependencies = {
  recommendations: dependency(RecommendationsService, { port: 50_051, ...behindPages }),
  articles: dependency(ArticleServiceService, { port: 50_052, ...behindPages }),
  inventory: dependency(InventoryServiceService, { port: 50_053, ...behindPages }),
}

/** A client of each of them. */
export type Clients = ClientsOf<typeof dependencies>

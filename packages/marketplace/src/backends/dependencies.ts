import {
  AccountsServiceService,
  ArticleServiceService,
  CartServiceService,
  InventoryServiceService,
  RecommendationsService,
  ReviewsServiceService,
  TransactionsServiceService,
} from '@books/proto'
import { type ClientsOf, dependency } from '@books/service'

// The secondary content of a page has half a second, and timers may be late. PAGE_DEADLINE_MS is for its main content.
const options = { isOptional: true, deadlineMs: 450 }

/** The services that pages are made from. */
export const dependencies = {
  recommendations: dependency(RecommendationsService, { port: 50_051, ...options }),
  articles: dependency(ArticleServiceService, { port: 50_052, ...options }),
  inventory: dependency(InventoryServiceService, { port: 50_053, ...options }),
  accounts: dependency(AccountsServiceService, { port: 50_057, ...options }),
  cart: dependency(CartServiceService, { port: 50_058, ...options }),
  transactions: dependency(TransactionsServiceService, { port: 50_059, ...options }),
  reviews: dependency(ReviewsServiceService, { port: 50_060, ...options }),
}

/** A client of each of them. */
export type Clients = ClientsOf<typeof dependencies>

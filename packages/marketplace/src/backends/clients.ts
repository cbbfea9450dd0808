import { ArticleServiceService, InventoryServiceService, loadDescriptors, RecommendationsService } from '@books/proto'
import { addressOf, type Client, createClient } from '@books/rpc'
import { clientTlsOf, type Log } from '@books/runtime'
import type { Settings } from '../settings.ts'

/** A client of each service that pages are made from. */
export interface Clients {
  recommendations: Client<typeof RecommendationsService>
  inventory: Client<typeof InventoryServiceService>
  articles: Client<typeof ArticleServiceService>
}

/** Creates the clients. They connect on their first call. */
export function createClients(settings: Settings, log: Log): Clients {
  const shared = { descriptors: loadDescriptors(), tls: clientTlsOf(settings), log }
  const optionsOf = (name: 'RECOMMENDATIONS' | 'INVENTORY' | 'ARTICLES') => ({
    ...shared,
    address: addressOf(settings[`${name}_HOST`], settings[`${name}_PORT`]),
    deadlineMs: settings[`${name}_DEADLINE_MS`],
  })
  return {
    recommendations: createClient(RecommendationsService, optionsOf('RECOMMENDATIONS')),
    inventory: createClient(InventoryServiceService, optionsOf('INVENTORY')),
    articles: createClient(ArticleServiceService, optionsOf('ARTICLES')),
  }
}

import { ArticleServiceService, InventoryServiceService, loadDescriptors, RecommendationsService } from '@books/proto'
import { addressOf, createClient, RpcError, readinessCheckOf } from '@books/rpc'
import { clientTlsOf, type Log } from '@books/runtime'
import type { Settings } from '../settings.ts'
import { type ArticlesSource, createArticlesSource } from './articles-backend.ts'
import { createSource } from './backend.ts'
import { createInventorySource, type InventorySource } from './inventory-backend.ts'
import { measureSource } from './measure-backend.ts'
import { createRecommendationsSource, type RecommendationsSource } from './recommendations-backend.ts'

/** Every service that pages are made from, each behind a memory and a breaker of its own. */
export interface Sources {
  recommendations: RecommendationsSource
  inventory: InventorySource
  articles: ArticlesSource
  /** What each service says of itself just now: `serving`, `not serving` or `unreachable`. */
  readStatuses(): Promise<Record<string, string>>
  close(): void
}

// Orchestrators wait a second for an answer, and a service that hangs is no reason to think that the shop does.
const statusWithinMs = 450

/** Opens every service that pages are made from. None of them has to be there. */
export function openSources(settings: Settings, log: Log): Sources {
  const shared = { descriptors: loadDescriptors(), tls: clientTlsOf(settings), log }
  const openSource = (name: string) => measureSource(name, createSource(name, settings, log))
  const sources = {
    recommendations: openSource('recommendations'),
    inventory: openSource('inventory'),
    articles: openSource('articles'),
  }
  const callsTo = <Name extends keyof typeof sources>(name: Name) => {
    const prefix = name.toUpperCase() as Uppercase<Name>
    return {
      ...shared,
      address: addressOf(settings[`${prefix}_HOST`], settings[`${prefix}_PORT`]),
      deadlineMs: settings[`${prefix}_DEADLINE_MS`],
      interceptors: [sources[name].guard],
    }
  }
  const clients = {
    recommendations: createClient(RecommendationsService, callsTo('recommendations')),
    inventory: createClient(InventoryServiceService, callsTo('inventory')),
    articles: createClient(ArticleServiceService, callsTo('articles')),
  }

  const names = Object.keys(clients) as (keyof typeof clients)[]

  return {
    recommendations: createRecommendationsSource(clients.recommendations, sources.recommendations),
    inventory: createInventorySource(clients.inventory, sources.inventory),
    articles: createArticlesSource(clients.articles, sources.articles),
    async readStatuses() {
      const statuses = names.map(async (name) => {
        const isKnownToFail = sources[name].isTroubled()
        return [name, isKnownToFail ? 'unreachable' : await readStatus(clients[name])]
      })
      return Object.fromEntries(await Promise.all(statuses))
    },
    close() {
      for (const open of [...Object.values(sources), ...Object.values(clients)]) open.close()
    },
  }
}

async function readStatus(client: { close(): void }): Promise<string> {
  try {
    await readinessCheckOf(client)(AbortSignal.timeout(statusWithinMs))
    return 'serving'
  } catch (error) {
    return error instanceof RpcError ? 'unreachable' : 'not serving'
  }
}

import { ArticleServiceService, InventoryServiceService, loadDescriptors, RecommendationsService } from '@books/proto'
import { addressOf, createClient, needOf, RpcError } from '@books/rpc'
import { clientTlsOf, type Log } from '@books/runtime'
import type { Settings } from '../settings.ts'
import { type ArticlesSource, createArticlesSource } from './articles-source.ts'
import { createInventorySource, type InventorySource } from './inventory-source.ts'
import { measureSource } from './measure-source.ts'
import { createRecommendationsSource, type RecommendationsSource } from './recommendations-source.ts'
import { createSource, type Source } from './source.ts'

/** Every service that pages are made from, each behind a memory and a breaker of its own. */
export interface Sources {
  recommendations: RecommendationsSource
  inventory: InventorySource
  articles: ArticlesSource
  /** What each service says of itself just now: `serving`, `not serving` or `unreachable`. */
  readStatuses(): Promise<Record<string, string>>
  close(): void
}

const statusWithinMs = 1_000

/** Opens every service that pages are made from. None of them has to be there. */
export function openSources(settings: Settings, log: Log): Sources {
  const shared = { descriptors: loadDescriptors(), tls: clientTlsOf(settings), log }
  const recommendations = createClient(RecommendationsService, {
    ...shared,
    address: addressOf(settings.RECOMMENDATIONS_HOST, settings.RECOMMENDATIONS_PORT),
    deadlineMs: settings.RECOMMENDATIONS_DEADLINE_MS,
  })
  const inventory = createClient(InventoryServiceService, {
    ...shared,
    address: addressOf(settings.INVENTORY_HOST, settings.INVENTORY_PORT),
    deadlineMs: settings.INVENTORY_DEADLINE_MS,
  })
  const articles = createClient(ArticleServiceService, {
    ...shared,
    address: addressOf(settings.ARTICLES_HOST, settings.ARTICLES_PORT),
    deadlineMs: settings.ARTICLES_DEADLINE_MS,
  })

  const clients = { recommendations, inventory, articles }
  const opened: Source[] = []
  const sourceOf = (name: keyof typeof clients): Source => {
    const source = measureSource(name, createSource(name, settings, log))
    opened.push(source)
    return source
  }

  return {
    recommendations: createRecommendationsSource(recommendations, sourceOf('recommendations')),
    inventory: createInventorySource(inventory, sourceOf('inventory')),
    articles: createArticlesSource(articles, sourceOf('articles')),
    async readStatuses() {
      const statuses = Object.entries(clients).map(async ([name, client]) => [name, await readStatus(client)])
      return Object.fromEntries(await Promise.all(statuses))
    },
    close() {
      for (const open of [...opened, ...Object.values(clients)]) open.close()
    },
  }
}

async function readStatus(client: { close(): void }): Promise<string> {
  try {
    await needOf(client)(AbortSignal.timeout(statusWithinMs))
    return 'serving'
  } catch (error) {
    return error instanceof RpcError ? 'unreachable' : 'not serving'
  }
}

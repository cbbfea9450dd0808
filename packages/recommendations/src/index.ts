import { loadCatalogue } from '@books/catalogue'
import { loadDescriptors, RecommendationsService } from '@books/proto'
import { addressOf, type RpcServer, service, startServer } from '@books/rpc'
import type { Database, Log } from '@books/runtime'
import { createBookStore, type Tables } from './book-store.ts'
import { createRecommendations } from './recommendations.ts'
import { createRandomRecommender } from './recommender.ts'
import type { Settings } from './settings.ts'

export { type Settings, settingsSchema } from './settings.ts'

/** What the service is started with. */
export interface RecommendationsDeps {
  settings: Pick<Settings, 'HOST' | 'PORT' | 'GRACE_MS'>
  database: Database
  log: Log
}

/** Starts the recommendations service; it answers calls once this resolves, and is ready while its database answers. */
export async function startRecommendations({ settings, database, log }: RecommendationsDeps): Promise<RpcServer> {
  const tables = await database.open<Tables>('recommendations', new URL('../migrations/', import.meta.url))
  const store = createBookStore(tables)
  await store.fill(loadCatalogue())

  const recommender = createRandomRecommender(await store.listBooks(), Math.random)
  const server = await startServer({
    address: addressOf(settings.HOST, settings.PORT),
    log,
    services: [service(RecommendationsService, createRecommendations({ recommender }))],
    descriptors: loadDescriptors(),
    needs: { database: database.ping },
    graceMs: settings.GRACE_MS,
  })
  log.info({ port: server.port }, 'recommendations answers')
  return server
}

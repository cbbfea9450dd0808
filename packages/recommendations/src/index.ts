import { loadDescriptors, RecommendationsService } from '@books/proto'
import { addressOf, type RpcServer, service, startServer } from '@books/rpc'
import { type Database, type Log, serverTlsOf } from '@books/runtime'
import { emptyModel } from './engine/model.ts'
import { followInteractions } from './follow-interactions.ts'
import { startLearning } from './learning.ts'
import { openMemory } from './open-memory.ts'
import { createRecommendations } from './recommendations.ts'
import { createRecommender } from './recommender.ts'
import type { Settings } from './settings.ts'

export { type Settings, settingsSchema } from './settings.ts'

/** What the service is started with. */
export interface RecommendationsDeps {
  settings: Omit<Settings, 'LOG_LEVEL' | 'LOG_FORMAT' | 'DATABASE_URL' | 'DATA_DIR'>
  database: Database
  log: Log
}

/** Starts the recommendations service; it answers calls once this resolves, and is ready while its database answers. */
export async function startRecommendations({ settings, database, log }: RecommendationsDeps): Promise<RpcServer> {
  const tls = serverTlsOf(settings)
  const { shelves, readers, store, models, lastPlace } = await openMemory(database, settings, log)
  const recommender = createRecommender({ shelves, readers, model: emptyModel(shelves.books.length) })
  const learning = await startLearning({
    ...{ shelves, readers, models, log },
    use: recommender.use,
    threads: settings.TRAIN_THREADS,
    trainEveryMs: settings.TRAIN_EVERY_MS,
    settleMs: settings.SETTLE_MS,
  })

  const methods = createRecommendations({
    ...{ recommender, shelves, readers, store },
    onTaken: learning.noteTaken,
    now: () => new Date(),
  })
  const server = await startServer({
    address: addressOf(settings.HOST, settings.PORT),
    log,
    services: [service(RecommendationsService, methods)],
    tls,
    descriptors: loadDescriptors(),
    needs: { database: database.ping },
    probePort: settings.PROBE_PORT,
    drainMs: settings.DRAIN_MS,
    graceMs: settings.GRACE_MS,
  })
  // Only a database server has other processes that record as well.
  const stopFollowing = database.isShared ? followInteractions(store, readers, lastPlace, log) : () => {}
  log.info({ port: server.port }, 'recommendations answers')

  return {
    ...server,
    async stop() {
      await server.stop()
      stopFollowing()
      await learning.stop()
    },
  }
}

import { InventoryServiceService, loadDescriptors, RecommendationsService } from '@books/proto'
import { addressOf, createClient, type RpcServer, service, startServer } from '@books/rpc'
import { clientTlsOf, type Database, type Log, serverTlsOf } from '@books/runtime'
import { followInventory } from './books/follow-inventory.ts'
import { openMemory } from './load-state.ts'
import { createRecommendations } from './methods/recommendations.ts'
import { createRecommender } from './model/recommender.ts'
import { createServing } from './model/serving.ts'
import { groundsOf } from './model/snapshot.ts'
import { followInteractions } from './readers/follow-interactions.ts'
import type { Settings } from './settings.ts'
import { startLearning } from './training/training-scheduler.ts'

export { type Settings, settingsSchema } from './settings.ts'

/** What the service is started with. */
export interface RecommendationsDeps {
  settings: Omit<Settings, 'LOG_LEVEL' | 'LOG_FORMAT' | 'DATABASE_URL' | 'DATA_DIR'>
  database: Database
  log: Log
}

/**
 * Starts the recommendations service; it answers calls once this resolves, and is ready while its database answers. It
 * follows inventory where it can.
 */
export async function startRecommendations({ settings, database, log }: RecommendationsDeps): Promise<RpcServer> {
  const tls = serverTlsOf(settings)
  const descriptors = loadDescriptors()
  const { shelves, revision, books, readers, store, models, lastPlace } = await openMemory(database, settings, log)
  const recommender = createRecommender({ readers, grounds: await groundsOf(shelves, readers) })
  const serving = createServing({ shelves, readers, use: recommender.use, log })
  const learning = await startLearning({
    ...{ serving, readers, models, log },
    threads: settings.TRAIN_THREADS,
    trainEveryMs: settings.TRAIN_EVERY_MS,
    settleMs: settings.SETTLE_MS,
  })

  const methods = createRecommendations({
    ...{ recommender, readers, store },
    onTaken: learning.noteTaken,
    now: () => new Date(),
  })
  const server = await startServer({
    address: addressOf(settings.HOST, settings.PORT),
    log,
    services: [service(RecommendationsService, methods)],
    tls,
    descriptors,
    readinessChecks: { database: database.ping },
    probePort: settings.PROBE_PORT,
    drainMs: settings.DRAIN_MS,
    graceMs: settings.GRACE_MS,
  })
  const inventory = createClient(InventoryServiceService, {
    address: addressOf(settings.INVENTORY_HOST, settings.INVENTORY_PORT),
    tls: clientTlsOf(settings),
    // Nobody waits for these calls, so it may be told soon that they fail.
    waitForReadyMs: 1_000,
    descriptors,
    log,
  })
  const watching = followInventory({ inventory, books, revision, serving, log })
  // Only a database server has other processes that record as well.
  const stopFollowing = database.isShared ? followInteractions(store, readers, lastPlace, log) : () => {}
  log.info({ port: server.port }, 'recommendations answers')

  return {
    ...server,
    async stop() {
      await server.stop()
      stopFollowing()
      await watching.stop()
      inventory.close()
      await Promise.all([learning.stop(), serving.stop()])
    },
  }
}

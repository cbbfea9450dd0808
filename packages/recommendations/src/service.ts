import { InventoryServiceService, RecommendationsService } from '@books/proto'
import { service } from '@books/rpc'
import { durationSetting } from '@books/runtime'
import { defineService, dependency, migrations } from '@books/service'
import { Type } from 'typebox'
import { followInventory } from './books/follow-inventory.ts'
import { loadState } from './load-state.ts'
import { createRecommendations } from './methods/recommendations.ts'
import { createRecommender } from './model/recommender.ts'
import { createServing } from './model/serving.ts'
import { groundsOf } from './model/snapshot.ts'
import { followInteractions } from './readers/follow-interactions.ts'
import type { Tables } from './tables.ts'
import { startLearning } from './training/training-scheduler.ts'

/** Books a reader may like. It follows inventory where it can. */
export const recommendations = defineService({
  name: 'recommendations',
  port: 50_051,
  settings: {
    /** The file that the model is kept in; the database without it. */
    MODEL_PATH: Type.Optional(Type.String({ minLength: 1 })),
    /** Whether a store without readers gets simulated ones. */
    DEMO_READERS: Type.Boolean({ default: true }),
    /** How often everything is trained anew. */
    TRAIN_EVERY_MS: durationSetting(6 * 60 * 60 * 1000),
    /** How long it must be quiet before the books that readers touched are solved anew. */
    SETTLE_MS: durationSetting(2_000),
    /** Threads of a training. */
    TRAIN_THREADS: Type.Integer({ minimum: 1, maximum: 64, default: 2 }),
  },
  migrations: migrations<Tables>(new URL('../migrations/', import.meta.url)),
  // A call waits for nothing but memory, so it may be known soon that inventory is away.
  dependencies: {
    inventory: dependency(InventoryServiceService, { port: 50_053, isOptional: true, waitForReadyMs: 1_000 }),
  },
  deployment: {
    memoryMib: { request: 384, limit: 1_024 },
    cpuMillis: { request: 250, limit: 2_000 },
    replicas: { min: 3, max: 9 },
    jobs: {
      train: {
        schedule: '17 */6 * * *',
        command: ['src/commands/train.ts'],
        memoryMib: { request: 512, limit: 1_024 },
        cpuMillis: { request: 1_000, limit: 2_000 },
      },
    },
  },
  async start({ settings, tables, isDatabaseShared, clients, log, cleanup }) {
    const { shelves, revision, books, readers, store, models, lastPlace } = await loadState(tables, settings, log)
    const recommender = createRecommender({ readers, grounds: await groundsOf(shelves, readers) })
    const serving = createServing({ shelves, readers, use: recommender.use, log })
    cleanup.defer(serving.stop)
    const learning = await startLearning({
      ...{ serving, readers, models, log },
      threads: settings.TRAIN_THREADS,
      trainEveryMs: settings.TRAIN_EVERY_MS,
      settleMs: settings.SETTLE_MS,
    })
    cleanup.defer(learning.stop)

    const watching = followInventory({ inventory: clients.inventory, books, revision, serving, log })
    cleanup.defer(watching.stop)
    // Only a database server has other processes that record as well.
    if (isDatabaseShared) cleanup.defer(followInteractions(store, readers, lastPlace, log))

    const methods = createRecommendations({
      ...{ recommender, readers, store },
      onTaken: learning.noteTaken,
      now: () => new Date(),
    })
    return { services: [service(RecommendationsService, methods)] }
  },
})

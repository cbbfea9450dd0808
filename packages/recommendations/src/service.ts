import {
  InventoryServiceService,
  RecommendationsService,
  ReviewsServiceService,
  TransactionsServiceService,
} from '@books/proto'
import { service } from '@books/rpc'
import { durationSetting } from '@books/runtime'
import { defineService, dependency, migrations } from '@books/service'
import { Type } from 'typebox'
import { followInventory } from './books/follow-inventory.ts'
import { loadState } from './load-state.ts'
import { createRecommendations } from './methods/recommendations.ts'
import { createRecommender } from './model/recommender.ts'
import { createSnapshotOwner } from './model/snapshot-owner.ts'
import { followInteractions } from './readers/follow-interactions.ts'
import { followOrders } from './readers/follow-orders.ts'
import { followRatings } from './readers/follow-ratings.ts'
import { createFollowedInteractions } from './readers/followed-interactions.ts'
import type { Interaction } from './readers/interaction.ts'
import type { Tables } from './tables.ts'
import { startTrainingScheduler } from './training/training-scheduler.ts'

/** Books a reader may like. Follows the books of inventory, what transactions says was bought, and how reviews says books were rated. */
export const recommendations = defineService({
  name: 'recommendations',
  port: 50_051,
  callers: ['marketplace'],
  settings: {
    /** A file for the model, instead of the database. */
    MODEL_PATH: Type.Optional(Type.String({ minLength: 1 })),
    /** Whether a store without readers gets simulated ones. */
    DEMO_READERS: Type.Boolean({ default: true }),
    /** How often a full training runs. */
    TRAIN_EVERY_MS: durationSetting(6 * 60 * 60 * 1000),
    /** How long no preference must come before touched books are solved anew; under steady traffic they wait ten times as long. */
    SETTLE_MS: durationSetting(2_000),
    /** Threads of a training. */
    TRAIN_THREADS: Type.Integer({ minimum: 1, maximum: 64, default: 2 }),
  },
  migrations: migrations<Tables>(new URL('../migrations/', import.meta.url)),
  // No request waits for these calls, so it is reported early that one is unavailable.
  dependencies: {
    inventory: dependency(InventoryServiceService, { port: 50_053, isOptional: true, waitForReadyMs: 1_000 }),
    transactions: dependency(TransactionsServiceService, { port: 50_059, isOptional: true, waitForReadyMs: 1_000 }),
    reviews: dependency(ReviewsServiceService, { port: 50_060, isOptional: true, waitForReadyMs: 1_000 }),
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
  async start({ settings, tables, isDatabaseShared, dataFolder, clients, log, cleanup }) {
    const database = { isShared: isDatabaseShared, folder: dataFolder }
    const state = await loadState({ tables, database }, settings, log)
    const { first, books, readers, store, models, interactions, capture } = state
    const snapshots = createSnapshotOwner({ first, readers, log })
    cleanup.defer(snapshots.stop)
    const scheduler = await startTrainingScheduler({
      ...{ snapshots, readers, models, capture, saved: state.isStored ? first : undefined, log },
      threads: settings.TRAIN_THREADS,
      trainEveryMs: settings.TRAIN_EVERY_MS,
      settleMs: settings.SETTLE_MS,
    })
    cleanup.defer(scheduler.stop)

    const { changedBooks, revision } = state
    const watching = followInventory({ inventory: clients.inventory, books, changedBooks, revision, snapshots, log })
    cleanup.defer(watching.stop)
    const now = () => new Date()
    const onRecorded = (interactions: readonly Interaction[]) => {
      for (const interaction of interactions) readers.add(interaction)
      scheduler.noteInteractions(interactions)
    }
    const orders = createFollowedInteractions(tables, 'transactions')
    const ordering = await followOrders({ transactions: clients.transactions, orders, onRecorded, now, log })
    cleanup.defer(ordering.stop)
    const ratings = createFollowedInteractions(tables, 'reviews')
    const rating = await followRatings({ reviews: clients.reviews, ratings, onRecorded, now, log })
    cleanup.defer(rating.stop)
    // Only on a database server do other processes record, too.
    if (isDatabaseShared) cleanup.defer(followInteractions(interactions, log))

    const methods = createRecommendations({
      ...{ recommender: createRecommender({ readers, snapshots }), readers, store },
      onRecorded: scheduler.noteInteractions,
      now,
    })
    return { services: [service(RecommendationsService, methods)] }
  },
})

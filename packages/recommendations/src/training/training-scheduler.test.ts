import { setImmediate as eventLoopTurn } from 'node:timers/promises'
import { BookCategory, RecommendationsService } from '@books/proto'
import { service } from '@books/rpc'
import { serve } from '@books/rpc/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { keepLog } from '../log.fixture.ts'
import { createRecommendations } from '../methods/recommendations.ts'
import { emptyModel, importedModel } from '../model/model.ts'
import { encodeModel } from '../model/model-file.ts'
import { createModelInMemory, type ModelStore } from '../model/model-store.ts'
import { createRecommender } from '../model/recommender.ts'
import { createSnapshotOwner } from '../model/snapshot-owner.ts'
import type { Readers } from '../readers/readers.ts'
import { readSnapshot, type StoredSnapshot } from '../snapshot/snapshot-file.ts'
import { bookIndex, createStoreInMemory, demoReaders, readersOf, snapshotOf, trainOn } from '../store.fixture.ts'
import { startTrainingScheduler } from './training-scheduler.ts'

const forever = 2 ** 31 - 1
let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('the training scheduler', () => {
  it('trains the first model and keeps it', async () => {
    const models = keepInMemory([])

    const { snapshots } = await start({ models, readers: demoReaders() })

    expect(snapshots.current.model.origin.readerCount).toBe(500)
    expect(models.kept).toHaveLength(1)
  })

  it('starts from the newest model that is not damaged, without a training, and logs which it refuses', async () => {
    const good = await trainOn(demoReaders())
    const damaged = good.with(good.length >> 1, (good[good.length >> 1] ?? 0) ^ 1)
    const models = keepInMemory([good, damaged])

    const { snapshots, linesOf } = await start({ models, readers: readersOf([]) })

    expect(snapshots.current).toMatchObject({ model: { origin: { readerCount: 500 } }, stored: { name: 'model 1' } })
    expect(linesOf('a stored model is refused')).toEqual([
      { model: 'model 2', reason: expect.stringContaining('damaged') },
    ])
    expect(models.kept).toHaveLength(2)
  })

  it('stores a snapshot where there is none of use, without a training', async () => {
    const models = keepInMemory([await trainOn(demoReaders())])

    const { snapshots } = await start({ models, readers: demoReaders() })
    const { snapshot, rows } = await models.snapshotStored

    expect(models.kept).toHaveLength(1)
    expect(snapshot.stored).toEqual(snapshots.current.stored)
    expect(snapshot.model).toEqual(snapshots.current.model)
    expect(rows.readerIds).toHaveLength(500)
  })

  it('trains anew where every model is damaged', async () => {
    const models = keepInMemory([Uint8Array.of(1, 2, 3)])

    const { snapshots } = await start({ models, readers: demoReaders() })

    expect(snapshots.current.model.origin.readerCount).toBe(500)
    expect(models.kept).toHaveLength(2)
  })

  it('does not train while another process does', async () => {
    const models = keepInMemory([])
    await models.acquireLease()

    const { scheduler, snapshots } = await start({ models, readers: demoReaders() })

    expect(snapshots.current.stored).toBeUndefined()
    expect(await scheduler.train()).toBe(false)
  })

  it('keeps a model that was trained elsewhere', async () => {
    const origin = { ...emptyModel(0).origin, hyperparameters: importedModel }
    const imported = encodeModel({ ...emptyModel(bookIndex.count), origin }, bookIndex.itemIds)
    const models = keepInMemory([imported])
    const { snapshots } = await start({ models, readers: demoReaders(), trainEveryMs: 1 })

    await snapshots.putBooks([{ ...bookIndex.bookAt(0), id: 313 }], 1)

    // Once, to store a snapshot.
    expect([models.leaseCount, models.kept]).toEqual([1, [imported]])
  })

  it('solves the books anew that readers touched, once no more interactions come', async () => {
    const readers = demoReaders()
    const models = keepInMemory([await trainOn(readersOf([]))])
    const { scheduler, snapshots, said } = await start({ models, readers, settleMs: 1 })
    const before = snapshots.current.model.readerCounts[0]

    scheduler.noteInteractions([{ id: 'a', readerId: 1, bookId: 1, kind: 'liked', rating: 0, time: new Date(0) }])
    await said('solved the touched books anew')

    expect(before).toBe(0)
    expect(snapshots.current.model.readerCounts[0]).toBeGreaterThan(0)
    expect(models.kept).toHaveLength(1)
  })

  it('solves them with the next ones where that fails', async () => {
    const readers = demoReaders()
    const models = keepInMemory([await trainOn(readersOf([]))])
    let isFailing = false
    const pack = () => (isFailing ? Promise.reject(new Error('no memory')) : readers.pack())
    const { scheduler, said, linesOf } = await start({ models, readers: { ...readers, pack }, settleMs: 1 })
    const like = { id: 'a', readerId: 1, bookId: 1, kind: 'liked', rating: 0, time: new Date(0) } as const

    isFailing = true
    scheduler.noteInteractions([like])
    await said('the model could not be updated')
    isFailing = false
    scheduler.noteInteractions([{ ...like, bookId: 2 }])
    await said('solved the touched books anew')

    expect(linesOf('solved the touched books anew')).toEqual([{ books: 2 }])
  })

  it('solves them under steady traffic, too', async () => {
    const readers = demoReaders()
    const models = keepInMemory([await trainOn(readersOf([]))])
    const { scheduler, snapshots, said } = await start({ models, readers, settleMs: 300 })
    let isSolved = false
    const solved = said('solved the touched books anew').then(() => (isSolved = true))

    while (!isSolved) {
      scheduler.noteInteractions([{ id: 'a', readerId: 1, bookId: 1, kind: 'liked', rating: 0, time: new Date(0) }])
      await eventLoopTurn()
    }
    await solved

    expect(snapshots.current.model.readerCounts[0]).toBeGreaterThan(0)
  })

  it('does not solve books that were only viewed, which expresses no preference', async () => {
    const models = keepInMemory([await trainOn(readersOf([]))])
    const { scheduler, said, linesOf } = await start({ models, readers: demoReaders(), settleMs: 1 })
    const like = { id: 'a', readerId: 1, bookId: 1, kind: 'liked', rating: 0, time: new Date(0) } as const

    scheduler.noteInteractions([like, { ...like, bookId: 2, kind: 'viewed' }])
    await said('solved the touched books anew')

    expect(linesOf('solved the touched books anew')).toEqual([{ books: 1 }])
  })

  it('fits a model to the books of the time when it is used, not of its training', async () => {
    const readers = demoReaders()
    const models = keepInMemory([])
    const { scheduler, snapshots } = await start({ models, readers })
    const seen = [snapshots.current]
    models.beforeSave = async () => {
      await snapshots.putBooks([{ ...bookIndex.bookAt(0), id: 313, title: 'The Maltese Hawk' }], 1)
      seen.push(snapshots.current)
    }

    await scheduler.train()
    seen.push(snapshots.current)

    expect(seen.map(({ bookIndex: { count }, model, stored }) => [count, model.itemCount, stored?.name])).toEqual([
      [312, 312, 'model 1'],
      [313, 313, 'model 1'],
      [313, 313, 'model 2'],
    ])
    expect(seen[2]?.model.readerCounts[312]).toBe(0)
    expect(seen[2]?.model.readerCounts.slice(0, 312)).toEqual(seen[0]?.model.readerCounts)
  })

  it('replaces models under load without a failed call or half a model', async () => {
    const readers = demoReaders()
    const { scheduler, snapshots } = await start({ models: keepInMemory([]), readers })
    const methods = createRecommendations({
      ...{ recommender: createRecommender({ readers, snapshots }), readers, store: createStoreInMemory() },
      onRecorded: scheduler.noteInteractions,
      now: () => new Date(),
    })
    const server = await serve([service(RecommendationsService, methods)])
    opened.defer(server.stop)
    const client = server.client(RecommendationsService)
    const ask = () => client.recommend({ userId: 1, category: BookCategory.MYSTERY, maxResults: 3 })
    const expected = await ask()

    // The same readers give the same model: any other answer would come from half of one.
    const done = new AbortController()
    const trained = (async () => {
      for (let time = 0; time < 3; time++) await scheduler.train()
      done.abort()
    })()
    let calls = 0
    while (!done.signal.aborted) {
      const answers = await Promise.all(Array.from({ length: 20 }, ask))
      for (const answer of answers) expect(answer).toEqual(expected)
      calls += answers.length
    }
    await trained

    expect(calls).toBeGreaterThan(20)
  })

  it('stops in the middle of a training', async () => {
    const { scheduler } = await start({ models: keepInMemory([]), readers: demoReaders() })

    const training = scheduler.train()
    await scheduler.stop()

    await expect(training).rejects.toMatchObject({ name: 'AbortError' })
  })
})

interface Given {
  models: ModelStore
  readers: Readers
  settleMs?: number
  trainEveryMs?: number
}

async function start({ models, readers, settleMs = forever, trainEveryMs = forever }: Given) {
  const { log, ...kept } = keepLog()
  const snapshots = createSnapshotOwner({ first: await snapshotOf(readers), readers, log })
  const scheduler = await startTrainingScheduler({
    ...{ snapshots, readers, models, settleMs, log, saved: undefined },
    async capture(snapshot) {
      return { snapshot, rows: await readers.pack(), position: { era: 0, place: 0, last: undefined } }
    },
    threads: 1,
    trainEveryMs,
  })
  opened.defer(scheduler.stop)
  opened.defer(snapshots.stop)
  return { scheduler, snapshots, ...kept }
}

interface KeptModels extends ModelStore {
  kept: Uint8Array[]
  /** How often the lease was given. */
  leaseCount: number
  snapshotStored: Promise<StoredSnapshot>
  /** Called between the training of a model and its use. */
  beforeSave?: () => Promise<void>
}

function keepInMemory(models: readonly Uint8Array[]): KeptModels {
  const kept = [...models]
  const stored = Promise.withResolvers<StoredSnapshot>()
  let isLeased = false
  const store: KeptModels = {
    ...createModelInMemory(),
    kept,
    leaseCount: 0,
    snapshotStored: stored.promise,
    async *listModels() {
      for (const [index, bytes] of [...kept.entries()].toReversed()) yield { name: `model ${index + 1}`, bytes }
    },
    findNewest: async () => (kept.length === 0 ? undefined : `model ${kept.length}`),
    async acquireLease() {
      if (isLeased) return undefined
      isLeased = true
      store.leaseCount++
      return {
        async save(bytes) {
          await store.beforeSave?.()
          return `model ${kept.push(bytes)}`
        },
        async saveSnapshot(pieces) {
          const bytes = Buffer.concat([...pieces].map((piece) => Buffer.from(piece)))
          stored.resolve(await readSnapshot(ReadableStream.from([bytes]), bytes.length))
        },
        async release() {
          isLeased = false
        },
      }
    },
  }
  return store
}

import { BookCategory, RecommendationsService } from '@books/proto'
import { service } from '@books/rpc'
import { serve } from '@books/rpc/testing'
import { silentLog } from '@books/runtime/testing'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createRecommendations } from '../methods/recommendations.ts'
import type { Model } from '../model/model.ts'
import type { ModelStore } from '../model/model-store.ts'
import { createRecommender } from '../model/recommender.ts'
import { createServing } from '../model/serving.ts'
import { type Grounds, groundsOf } from '../model/snapshot.ts'
import { createStoreInMemory, demoReaders, readersOf, shelves, trainOn } from '../store.fixture.ts'
import { startLearning } from './training-scheduler.ts'

const forever = 2 ** 31 - 1
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

describe('learning', () => {
  it('trains the first model and keeps it', async () => {
    const models = keepInMemory([])

    const { used } = await start({ models, readers: demoReaders() })

    expect(used).toHaveLength(1)
    expect(used[0]?.origin.readerCount).toBe(500)
    expect(models.kept).toHaveLength(1)
  })

  it('starts from the last good model without a training, and says which it does not use', async () => {
    const good = await trainOn(demoReaders())
    const damaged = good.with(good.length >> 1, (good[good.length >> 1] ?? 0) ^ 1)
    const models = keepInMemory([good, damaged])

    const { used, lines } = await start({ models, readers: readersOf([]) })

    expect(used.map(({ origin }) => origin.readerCount)).toEqual([500])
    expect(lines).toMatchObject([{ model: 'model 2', reason: expect.stringContaining('damaged') }])
    expect(models.kept).toHaveLength(2)
  })

  it('trains anew where every model is damaged', async () => {
    const models = keepInMemory([Uint8Array.of(1, 2, 3)])

    const { used } = await start({ models, readers: demoReaders() })

    expect(used.map(({ origin }) => origin.readerCount)).toEqual([500])
    expect(models.kept).toHaveLength(2)
  })

  it('does not train where another process does', async () => {
    const models = keepInMemory([])
    await models.claim()

    const { learning, used } = await start({ models, readers: demoReaders() })

    expect(used).toEqual([])
    expect(await learning.train()).toBe(false)
  })

  it('solves the books anew that readers touched, once it is quiet', async () => {
    const readers = demoReaders()
    const models = keepInMemory([await trainOn(readersOf([]))])
    const solved = Promise.withResolvers<Model>()
    const { learning } = await start({
      models,
      readers,
      settleMs: 1,
      use: ({ model }) => model.readerCounts[0] && solved.resolve(model),
    })

    learning.noteTaken([{ id: 'a', readerId: 1, bookId: 1, kind: 'liked', rating: 0, time: new Date(0) }])

    expect((await solved.promise).readerCounts[0]).toBeGreaterThan(0)
    expect(models.kept).toHaveLength(1)
  })

  it('fits a model to the shelves of the day that it is used, not to those of its training', async () => {
    const readers = demoReaders()
    const models = keepInMemory([])
    const { learning, serving, grounds } = await start({ models, readers })
    const [first] = shelves.books
    models.beforeSave = () => serving.putBooks([{ ...first!, id: 313, title: 'The Maltese Hawk' }])

    await learning.train()

    expect(grounds.map(({ shelves: { books }, model }) => [books.length, model.itemCount])).toEqual([
      [312, 312],
      [313, 313],
      [313, 313],
    ])
    expect(grounds[2]?.model.readerCounts[312]).toBe(0)
    expect(grounds[2]?.model.readerCounts.slice(0, 312)).toEqual(grounds[0]?.model.readerCounts)
  })

  it('swaps models under load without one failed call or half a model', async () => {
    const readers = demoReaders()
    const recommender = createRecommender({ readers, grounds: await groundsOf(shelves, readers) })
    const { learning } = await start({ models: keepInMemory([]), readers, use: recommender.use })
    const methods = createRecommendations({
      ...{ recommender, readers, store: createStoreInMemory() },
      onTaken: learning.noteTaken,
      now: () => new Date(),
    })
    const server = await serve([service(RecommendationsService, methods)])
    closers.unshift(server.stop)
    const client = server.client(RecommendationsService)
    const ask = () => client.recommend({ userId: 1, category: BookCategory.MYSTERY, maxResults: 3 })
    const expected = await ask()

    // The same readers give the same model: any other answer would come from half of one.
    const done = new AbortController()
    const trained = (async () => {
      for (let time = 0; time < 3; time++) await learning.train()
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
    const { learning } = await start({ models: keepInMemory([]), readers: demoReaders() })

    const training = learning.train()
    await learning.stop()

    await expect(training).rejects.toMatchObject({ name: 'AbortError' })
  })
})

interface Given {
  models: ModelStore
  readers: ReturnType<typeof demoReaders>
  settleMs?: number
  use?: (grounds: Grounds) => unknown
}

async function start({ models, readers, settleMs = forever, use }: Given) {
  const grounds: Grounds[] = []
  const used: Model[] = []
  const lines: object[] = []
  const log = silentLog.child({}, { level: 'error' })
  log.error = (fields: object) => void lines.push(fields)
  const serving = createServing({
    ...{ shelves, readers, log },
    use(fresh) {
      grounds.push(fresh)
      used.push(fresh.model)
      use?.(fresh)
    },
  })
  const learning = await startLearning({
    ...{ serving, readers, models, settleMs, log },
    threads: 1,
    trainEveryMs: forever,
  })
  closers.push(learning.stop, serving.stop)
  return { learning, serving, grounds, used, lines }
}

interface KeptModels extends ModelStore {
  kept: Uint8Array[]
  /** Happens between the training of a model and its use. */
  beforeSave?: () => Promise<void>
}

function keepInMemory(models: readonly Uint8Array[]): KeptModels {
  const kept = [...models]
  let isClaimed = false
  const store: KeptModels = {
    kept,
    async *listModels() {
      for (const [index, bytes] of [...kept.entries()].toReversed()) yield { name: `model ${index + 1}`, bytes }
    },
    findNewest: async () => (kept.length === 0 ? undefined : `model ${kept.length}`),
    async claim() {
      if (isClaimed) return undefined
      isClaimed = true
      return {
        async save(bytes) {
          await store.beforeSave?.()
          return `model ${kept.push(bytes)}`
        },
        async release() {
          isClaimed = false
        },
      }
    },
  }
  return store
}

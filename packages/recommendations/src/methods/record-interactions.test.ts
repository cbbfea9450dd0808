import { BookCategory, type Interaction, InteractionKind, RecommendationsService } from '@books/proto'
import { Status, service } from '@books/rpc'
import { serve, streamOf } from '@books/rpc/testing'
import { openMemoryDatabase, silentLog } from '@books/runtime/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { array, assert, asyncProperty, constantFrom, integer, record } from 'fast-check'
import { keepLog } from '../log.fixture.ts'
import { createRecommender } from '../model/recommender.ts'
import { createInteractionStore, type InteractionStore } from '../readers/interaction-store.ts'
import { createReaders } from '../readers/readers.ts'
import { createStoreInMemory, snapshotOf } from '../store.fixture.ts'
import type { Tables } from '../tables.ts'
import { createRecommendations } from './recommendations.ts'
import { createRecordInteractions } from './record-interactions.ts'

const {
  INTERACTION_KIND_LIKED: LIKED,
  INTERACTION_KIND_RATED: RATED,
  INTERACTION_KIND_NEUTRAL: NEUTRAL,
} = InteractionKind
const opened = new AsyncDisposableStack()
afterAll(() => opened.disposeAsync())

describe('RecordInteractions', () => {
  it('counts in the next answer to the reader', async () => {
    const client = await serveStore(createStoreInMemory())
    const query = { userId: 7, category: BookCategory.MYSTERY, maxResults: 100 }
    const before = await client.recommend(query)

    await client.recordInteractions(streamOf(liked('a', 1), { ...liked('b', 2), kind: RATED, rating: 1 }))
    const after = await client.recommend(query)

    expect(before.recommendations.map(({ id }) => id)).toEqual(expect.arrayContaining([1, 2]))
    expect(after.recommendations.map(({ id }) => id)).not.toContain(1)
    expect(after.recommendations.map(({ id }) => id)).not.toContain(2)
  })

  it('takes a like or a dislike back', async () => {
    const client = await serveStore(createStoreInMemory())
    const query = { userId: 7, category: BookCategory.MYSTERY, maxResults: 100 }
    const mayBeRecommended = async () => (await client.recommend(query)).recommendations.some(({ id }) => id === 1)

    await client.recordInteractions(streamOf({ ...liked('a', 1), time: new Date(1_000) }))
    expect(await mayBeRecommended()).toBe(false)
    await client.recordInteractions(streamOf({ ...liked('b', 1), kind: NEUTRAL, time: new Date(2_000) }))

    expect(await mayBeRecommended()).toBe(true)
  })

  it.each([
    ['id must have 1 to 100 characters', { id: '' }],
    ['id must have 1 to 100 characters', { id: 'x'.repeat(101) }],
    ['id must have 1 to 100 characters', { id: '📚'.repeat(101) }],
    ['id must be plain text', { id: 'a\0b' }],
    ['user_id must be positive', { userId: 0 }],
    ['book_id names no book of the store', { bookId: 99_999 }],
    ['kind must be one that the contract names', { kind: InteractionKind.INTERACTION_KIND_UNSPECIFIED }],
    ['rating must be from 1 to 5', { kind: RATED, rating: 6 }],
    ['rating must be 0 unless the kind is rated', { rating: 3 }],
    ['time must not be in the future', { time: new Date('2999-01-01') }],
    ['time must be a valid Timestamp', { time: new Date('0000-12-31T23:59:59.999Z') }],
    ['time must be a valid Timestamp', { time: new Date('-004685-01-01') }],
  ] as [string, Partial<Interaction>][])('refuses with the reason: %s', async (reason, wrong) => {
    const client = await serveStore(createStoreInMemory())

    const answer = await client.recordInteractions(streamOf(liked('good', 1), { ...liked('bad', 2), ...wrong }))

    const id = wrong.id ?? 'bad'
    expect(answer).toEqual({ taken: 1, known: 0, refused: 1, refusals: [{ index: 1, id, reason }] })
  })

  it.each([
    ['2^62 seconds', '320a08808080808080808040'],
    ['nanos of a second', '3206108094ebdc03'],
    ['negative nanos', '320b10ffffffffffffffffff01'],
  ])('refuses a time with %s, and records the others', async (_wrong, time) => {
    const client = await serveStore(createStoreInMemory(), silentLog, withTimeOf('bad', Buffer.from(time, 'hex')))

    const answer = await client.recordInteractions(streamOf(liked('good', 1), liked('bad', 2), liked('good, too', 3)))

    const reason = 'time must be a valid Timestamp'
    expect(answer).toEqual({ taken: 2, known: 0, refused: 1, refusals: [{ index: 1, id: 'bad', reason }] })
  })

  it('counts the characters of an id as its contract does', async () => {
    const client = await serveStore(createStoreInMemory())

    const answer = await client.recordInteractions(streamOf(liked('📚'.repeat(100), 1)))

    expect(answer).toMatchObject({ taken: 1 })
  })

  it('gives the reasons of the first hundred that it refuses, and counts them all', async () => {
    const client = await serveStore(createStoreInMemory())
    const wrong = Array.from({ length: 1_234 }, (_, index) => liked(`${index}`, -1))

    const answer = await client.recordInteractions(streamOf(...wrong))

    expect(answer).toMatchObject({ taken: 0, refused: 1_234 })
    expect(answer.refusals.map(({ index }) => index)).toEqual(Array.from({ length: 100 }, (_, index) => index))
  })

  it('answers the beginning of a refused id alone, so that the answer stays small', async () => {
    const client = await serveStore(createStoreInMemory())

    const { refusals } = await client.recordInteractions(streamOf(liked('x'.repeat(100_000), 1)))

    expect(refusals.map(({ id }) => id)).toEqual(['x'.repeat(1_000)])
  })

  it('lets the event loop turn while it reads many that arrived together', async () => {
    const readers = createReaders()
    const snapshots = { current: await snapshotOf(readers) }
    const recordInteractions = createRecordInteractions({
      ...{ recommender: createRecommender({ readers, snapshots }), readers, store: createStoreInMemory() },
      ...{ onRecorded() {}, now: () => new Date() },
    })
    let turns = 0
    const turning = setInterval(() => turns++)

    const answer = await recordInteractions(
      streamOf(...Array.from({ length: 50_000 }, (_, index) => liked(`${index}`, -1))),
    )
    clearInterval(turning)

    expect(answer).toMatchObject({ refused: 50_000 })
    expect(turns).toBeGreaterThan(2)
  })

  it('slows the caller down to the speed of the database', async () => {
    const store = createStoreInMemory()
    const release = Promise.withResolvers<void>()
    const stuck: InteractionStore = {
      ...store,
      async record(interactions) {
        await release.promise
        return store.record(interactions)
      },
    }
    const client = await serveStore(stuck)
    let sent = 0
    async function* many() {
      for (; sent < 20_000; sent++) yield liked(`${sent}`.padStart(100, '0'), 1)
    }

    const answering = client.recordInteractions(many())
    for (let call = 0; call < 200; call++) await client.recommend({ maxResults: 1 })
    const sentWhileStuck = sent
    release.resolve()

    // Two megabytes are to be sent, of which the connection buffers a small part.
    expect(sentWhileStuck).toBeLessThan(10_000)
    expect(await answering).toMatchObject({ taken: 20_000 })
  })

  it('fails at once where the database does, while its caller sends nothing more, and logs why once', async () => {
    const database = await openMemoryDatabase()
    const tables = await database.open<Tables>('recommendations', new URL('../../migrations/', import.meta.url))
    await database.close()
    const { log, linesOf } = keepLog()
    const client = await serveStore(createInteractionStore(tables), log)
    const isOver = Promise.withResolvers<void>()
    async function* idleAfterOne() {
      yield liked('a', 1)
      await isOver.promise
    }

    const recording = client.recordInteractions(idleAfterOne())

    await expect(recording).rejects.toMatchObject({ code: Status.INTERNAL })
    isOver.resolve()
    expect(linesOf('the handler failed')).toEqual([expect.objectContaining({ err: expect.any(Error) })])
  })

  describe('on a database', () => {
    let store: InteractionStore
    beforeAll(async () => {
      const database = await openMemoryDatabase()
      opened.defer(database.close)
      store = createInteractionStore(
        await database.open<Tables>('recommendations', new URL('../../migrations/', import.meta.url)),
      )
    })

    it('records each interaction exactly once, also when it is sent repeatedly and concurrently', async () => {
      const client = await serveStore(store)
      let round = 0
      const told = array(record({ id: integer({ min: 0, max: 30 }), bookId: constantFrom(1, 2, 3) }), { maxLength: 80 })

      await assert(
        asyncProperty(array(told, { minLength: 1, maxLength: 4 }), async (pieces) => {
          const prefix = `round-${round++}-`
          const answers = await Promise.all(
            pieces.map((piece) =>
              client.recordInteractions(streamOf(...piece.map((each) => liked(prefix + each.id, each.bookId)))),
            ),
          )

          const distinct = new Set(pieces.flat().map(({ id }) => id)).size
          const sum = (field: 'taken' | 'known' | 'refused') =>
            answers.reduce((total, answer) => total + answer[field], 0)
          const kept = (await Array.fromAsync(store.listInteractions())).filter(({ id }) => id.startsWith(prefix))
          expect([sum('taken'), sum('taken') + sum('known'), sum('refused')]).toEqual([
            distinct,
            pieces.flat().length,
            0,
          ])
          expect(kept).toHaveLength(distinct)
        }),
        { numRuns: 60 },
      )
    })
  })
})

/** The service for a client that sends these bytes as the time of one interaction. */
function withTimeOf(id: string, time: Buffer) {
  const { recordInteractions } = RecommendationsService
  const requestSerialize = (interaction: Interaction) => {
    const bytes = recordInteractions.requestSerialize(interaction)
    return interaction.id === id ? Buffer.concat([bytes, time]) : bytes
  }
  return { ...RecommendationsService, recordInteractions: { ...recordInteractions, requestSerialize } }
}

async function serveStore(store: InteractionStore, log = silentLog, definition = RecommendationsService) {
  const readers = createReaders()
  const snapshots = { current: await snapshotOf(readers) }
  const recommender = createRecommender({ readers, snapshots })
  const methods = createRecommendations({ recommender, readers, store, onRecorded() {}, now: () => new Date() })
  const server = await serve([service(RecommendationsService, methods)], { log })
  opened.defer(server.stop)
  return server.client(definition, { deadlineMs: 30_000 })
}

function liked(id: string, bookId: number): Interaction {
  return { id, userId: 7, bookId, kind: LIKED, rating: 0, time: undefined }
}

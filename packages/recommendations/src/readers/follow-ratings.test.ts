import { once } from 'node:events'
import { type ReaderRating, ReviewsServiceService } from '@books/proto'
import { fakeService, serve } from '@books/rpc/testing'
import type { Database } from '@books/runtime'
import { findPostgres, openMemoryDatabase, openServerDatabase, silentLog } from '@books/runtime/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'
import { followRatings } from './follow-ratings.ts'
import { createFollowedInteractions } from './followed-interactions.ts'
import { preferencesOf } from './history.ts'
import type { Interaction } from './interaction.ts'
import { createInteractionStore } from './interaction-store.ts'
import { createReaders } from './readers.ts'

const readerId = 7
const [dune, emma] = [1, 2]
const minute = (minutes: number) => new Date(Date.UTC(2026, 10, 29, 12, minutes))
const bought = { id: 'order-1', readerId, bookId: dune, kind: 'bought', rating: 0, time: minute(0) } as const

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

const engines: [name: string, open: () => Promise<Database>][] = [['embedded', openMemoryDatabase]]
if (findPostgres()) engines.push(['server', openServerDatabase])

describe.each(engines)('a rating of a reader (%s)', (_, open) => {
  it('is recorded, as liked from three stars on', async () => {
    const tables = await openTables(await open())

    await follow(tables, [rating(dune, 3, minute(1)), rating(emma, 2, minute(1))])

    expect(await preferencesIn(tables)).toEqual({ liked: [dune], disliked: [emma] })
  })

  it('is replaced by a later one', async () => {
    const tables = await openTables(await open())

    await follow(tables, [rating(dune, 5, minute(1)), rating(dune, 1, minute(2))])

    expect(await preferencesIn(tables)).toEqual({ liked: [], disliked: [dune] })
  })

  it('is taken back where it was deleted or hidden, and counts again where it is told again', async () => {
    const tables = await openTables(await open())
    const ratings = [rating(dune, 5, minute(1)), rating(dune, 0, minute(2))]

    await follow(tables, ratings)
    expect(await preferencesIn(tables)).toEqual({ liked: [], disliked: [] })

    await follow(tables, [...ratings, rating(dune, 4, minute(3))])
    expect(await preferencesIn(tables)).toEqual({ liked: [dune], disliked: [] })
  })

  it('leaves what the reader bought when it is taken back', async () => {
    const tables = await openTables(await open())
    await createInteractionStore(tables).record([bought])

    await follow(tables, [rating(dune, 1, minute(1))])
    expect(await preferencesIn(tables)).toEqual({ liked: [], disliked: [dune] })

    await follow(tables, [rating(dune, 1, minute(1)), rating(dune, 0, minute(2))])
    expect(await preferencesIn(tables)).toEqual({ liked: [dune], disliked: [] })
  })

  it('is recorded once, though all are told again', async () => {
    const tables = await openTables(await open())
    const ratings = [rating(dune, 5, minute(1)), rating(emma, 0, minute(1))]
    await follow(tables, ratings)
    await createFollowedInteractions(tables, 'reviews').resetRevision(0)

    const { recorded, asked } = await follow(tables, ratings)

    expect([recorded, asked]).toEqual([[], [0]])
    expect(await Array.fromAsync(createInteractionStore(tables).listInteractions())).toHaveLength(2)
  })

  it('is followed from the stored revision, which is not that of orders', async () => {
    const tables = await openTables(await open())
    const first = rating(dune, 5, minute(1))
    await follow(tables, [first])

    const { recorded, asked } = await follow(tables, [first, rating(emma, 4, minute(2))])

    expect(asked).toEqual([1])
    expect(recorded).toMatchObject([{ bookId: emma, kind: 'rated', rating: 4, time: minute(2) }])
    expect(await createFollowedInteractions(tables, 'transactions').findRevision()).toBe(0)
  })
})

function rating(bookId: number, stars: number, ratedAt: Date): ReaderRating {
  return { readerId, bookId, stars, ratedAt }
}

async function openTables(database: Database) {
  opened.use(database)
  return database.open<Tables>('recommendations', new URL('../../migrations/', import.meta.url))
}

/** What the reader likes and dislikes, by what is stored. */
async function preferencesIn(tables: Kysely<Tables>) {
  const readers = createReaders()
  for await (const interaction of createInteractionStore(tables).listInteractions()) readers.add(interaction)
  const { liked, disliked } = preferencesOf(readers.historyOf(readerId))
  return { liked: [...liked.bookIds], disliked: [...disliked] }
}

/** Follows a service that tells one rating for each revision, until all were recorded. */
async function follow(tables: Kysely<Tables>, ratings: readonly ReaderRating[]) {
  const asked: number[] = []
  const recorded: Interaction[] = []
  const isDone = Promise.withResolvers<void>()
  await using server = await serve(
    [
      fakeService(ReviewsServiceService, {
        async *watchRatings({ afterRevision }, { signal }) {
          asked.push(afterRevision)
          for (let revision = afterRevision + 1; revision <= ratings.length; revision++) {
            yield { ratings: ratings.slice(revision - 1, revision), revision, isCurrent: revision === ratings.length }
          }
          if (!signal.aborted) await once(signal, 'abort')
        },
      }),
    ],
    { graceMs: 1 },
  )
  const following = await followRatings({
    reviews: server.client(ReviewsServiceService),
    ratings: createFollowedInteractions(tables, 'reviews'),
    onRecorded(interactions) {
      recorded.push(...interactions)
      isDone.resolve()
    },
    ...{ now: () => minute(9), log: silentLog },
  })
  await isDone.promise
  await following.stop()
  return { asked, recorded }
}

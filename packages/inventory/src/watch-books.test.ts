import { InventoryServiceService, type WatchBooksResponse } from '@books/proto'
import { type Client, Status, service } from '@books/rpc'
import { serve } from '@books/rpc/testing'
import { createServerDatabase, findPostgres, type ServerDatabase, silentLog } from '@books/runtime/testing'
import { followChanges } from '@books/service/watch'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import type { BookStore } from './book-store.ts'
import { writeBooks } from './book-writer.ts'
import { createInventory } from './inventory.ts'
import { bookOf, type OpenStore, openStore, save } from './store.fixture.ts'

type InventoryClient = Client<typeof InventoryServiceService>

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('WatchBooks', () => {
  let store: OpenStore
  beforeAll(async () => {
    store = await openStore()
  })
  afterAll(() => store.close())

  it('sends all books, in messages of at most 500, and marks the last', async () => {
    await save(store.tables, ...Array.from({ length: 1_000 }, (_, index) => bookOf(1_000 + index)))
    const sent = await take(watch(await clientOf(store)), 3)
    await store.tables.deleteFrom('books').where('id', '>=', 1_000).execute()

    expect(sent.map(({ books }) => books.length)).toEqual([500, 500, 312])
    expect(sent.map(({ isCurrent }) => isCurrent)).toEqual([false, false, true])
    expect(new Set(sent.flatMap(({ books }) => books.map(({ id }) => id))).size).toBe(1_312)
    expect(sent.at(-1)?.revision).toBe(1_312)
  })

  it('marks the end in a message of its own where the books exactly fill the others', async () => {
    await save(store.tables, ...Array.from({ length: 188 }, (_, index) => bookOf(1_000 + index)))
    const sent = await take(watch(await clientOf(store)), 2)
    await store.tables.deleteFrom('books').where('id', '>=', 1_000).execute()

    expect(sent.map(({ books, isCurrent }) => [books.length, isCurrent])).toEqual([
      [500, false],
      [0, true],
    ])
    expect(sent[1]?.revision).toBe(sent[0]?.revision)
  })

  it('then sends each change, in its current state', async () => {
    const stream = watch(await clientOf(store))
    const [all] = await take(stream, 1)

    await save(store.tables, bookOf(1_000, { title: 'New' }))
    const [added] = await take(stream, 1)
    await save(store.tables, bookOf(1_000, { title: 'Changed', priceCents: 1 }))
    const [changed] = await take(stream, 1)
    await store.tables.deleteFrom('books').where('id', '=', 1_000).execute()

    expect(added).toMatchObject({ books: [{ id: 1_000, title: 'New' }], isCurrent: true })
    expect(changed).toMatchObject({ books: [{ id: 1_000, title: 'Changed', priceCents: 1 }], isCurrent: true })
    expect(added?.revision).toBeGreaterThan(all?.revision ?? 0)
    expect(changed?.revision).toBeGreaterThan(added?.revision ?? 0)
  })

  it('continues after a revision: with an empty message where nothing was missed, else with the missed changes', async () => {
    const client = await clientOf(store)
    await save(store.tables, bookOf(1_000, { title: 'Last' }))
    const [first] = await take(watch(client), 1)
    const [nothing] = await take(watch(client, first?.revision), 1)
    await save(store.tables, bookOf(1_000, { title: 'Missed' }))
    const [missed] = await take(watch(client, first?.revision), 1)
    await store.tables.deleteFrom('books').where('id', '=', 1_000).execute()

    expect(nothing).toEqual({ books: [], revision: first?.revision, isCurrent: true })
    expect(missed?.books.map(({ title }) => title)).toEqual(['Missed'])
  })

  it('sends everything to a caller with a revision that this store never had', async () => {
    const [sent] = await take(watch(await clientOf(store), 1_000_000), 1)

    expect(sent?.books).toHaveLength(312)
    expect(sent?.revision).toBeLessThan(1_000_000)
  })

  it('refuses a negative revision', async () => {
    await expect(take(watch(await clientOf(store), -1), 1)).rejects.toMatchObject({
      code: Status.INVALID_ARGUMENT,
      details: { badRequest: { fieldViolations: [{ field: 'after_revision' }] } },
    })
  })

  it('answers for an empty store', async () => {
    const empty = { ...store.books, newestRevision: async () => 0, listChanged: async () => [] }

    const [sent] = await take(watch(await clientOf({ ...store, books: empty })), 1)

    expect(sent).toEqual({ books: [], revision: 0, isCurrent: true })
  })

  it('ends when its caller cancels, and when the server stops', async () => {
    const changes = followChanges(store.books.newestRevision, { everyMs: 10, log: silentLog })
    const client = await clientOf(store, changes)
    const leaving = new AbortController()
    const left = watch(client, 0, leaving.signal)
    const stayed = watch(client)
    await Promise.all([left, stayed].map((stream) => take(stream, 1)))

    leaving.abort()
    await expect(take(left, 1)).rejects.toMatchObject({ code: Status.CANCELLED })
    changes.stop()
    await expect(take(stayed, 1)).rejects.toMatchObject({ code: Status.UNAVAILABLE })
    await expect(take(watch(client), 2)).rejects.toMatchObject({ code: Status.UNAVAILABLE })
  })

  it('ends in the middle of the books when the server stops', async () => {
    const endless = { ...store.books, listChanged: listEndlessly }
    const changes = followChanges(store.books.newestRevision, { everyMs: 10, log: silentLog })
    const stream = watch(await clientOf({ ...store, books: endless }, changes))
    await take(stream, 2)

    changes.stop()

    // What was sent before still arrives.
    await expect(take(stream, Number.POSITIVE_INFINITY)).rejects.toMatchObject({ code: Status.UNAVAILABLE })
  })

  it('polls for changes once for all watchers, and not while there are none', async () => {
    const polls: PromiseWithResolvers<number>[] = []
    const polled = Promise.withResolvers<void>()
    const changes = followChanges(
      () => {
        polls.push(Promise.withResolvers())
        polled.resolve()
        return polls.at(-1)?.promise ?? Promise.resolve(0)
      },
      { everyMs: 1, log: silentLog },
    )
    const client = await clientOf(store, changes)
    const leaving = new AbortController()
    const streams = Array.from({ length: 20 }, () => watch(client, 0, leaving.signal))
    await Promise.all(streams.map((stream) => take(stream, 1)))
    const waiting = streams.map((stream) => take(stream, 1))

    // The first poll is not answered before a clock of the same period has ticked often.
    await polled.promise
    await ticks(20)
    const duringPoll = polls.length
    leaving.abort()
    for (const left of waiting) await expect(left).rejects.toMatchObject({ code: Status.CANCELLED })
    // The server has seen the cancellations, which were sent before this call.
    await client.getBooks({ ids: [1] })
    polls[0]?.resolve(0)
    await ticks(20)

    expect(duringPoll).toBe(1)
    expect(polls).toHaveLength(1)
  })

  it('continues after the database was unavailable', async () => {
    let isAway = true
    const failed = Promise.withResolvers<void>()
    const changes = followChanges(
      async () => {
        if (!isAway) return store.books.newestRevision()
        failed.resolve()
        throw new Error('away')
      },
      { everyMs: 1, log: silentLog },
    )
    const stream = watch(await clientOf(store, changes))
    await take(stream, 1)
    const next = take(stream, 1)

    await failed.promise
    isAway = false
    await save(store.tables, bookOf(1_000, { title: 'Afterwards' }))
    const [sent] = await next
    await store.tables.deleteFrom('books').where('id', '=', 1_000).execute()

    expect(sent?.books.map(({ title }) => title)).toEqual(['Afterwards'])
  })

  it('reads no further ahead than flow control allows for a slow watcher', async () => {
    let reads = 0
    const endless: BookStore = {
      ...store.books,
      listChanged(after, limit) {
        reads++
        return listEndlessly(after, limit)
      },
    }
    const client = await clientOf({ ...store, books: endless })
    const stream = watch(client)
    await take(stream, 1)

    // Other calls are answered meanwhile; the watcher reads nothing.
    for (let call = 0; call < 300; call++) await client.getBooks({ ids: [1] })
    const readAhead = reads
    const sent = await take(stream, 60)

    expect(readAhead).toBeLessThan(50)
    expect(sent).toHaveLength(60)
    expect(reads).toBeGreaterThan(60)
  })
})

;(findPostgres() ? describe : describe.skip)('WatchBooks, on a database server', () => {
  let server: ServerDatabase
  beforeAll(async () => {
    server = await createServerDatabase()
  })
  afterAll(() => server.drop())

  it('misses nothing where one writer is slower than the next', async () => {
    const [ours, theirs] = [await open(), await open()]
    const stream = watch(await clientOf(ours))
    await take(stream, 1)
    const next = take(stream, 1)

    // The slow writer has its revision already when the other begins, which could end first: their words exist already, so
    // that they wait for no other lock.
    const saved = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const slow = writeBooks(ours.tables, async (writer) => {
      await writer.save([bookOf(1_000, { title: 'Time', author: 'Stephen King' })])
      saved.resolve()
      await goOn.promise
    })
    await saved.promise
    const quick = save(theirs.tables, bookOf(1_001, { title: 'Life', author: 'Stephen King' }))
    await Promise.race([quick.then(() => next), until(() => isAnyTransactionWaiting(ours))])
    goOn.resolve()
    await Promise.all([slow, quick])

    const sent = idsOf(await next)
    while (sent.length < 2) sent.push(...idsOf(await take(stream, 1)))
    expect(sent).toEqual([1_000, 1_001])
  })

  async function open(): Promise<OpenStore> {
    const store = await openStore(server.url)
    opened.defer(store.close)
    return store
  }
})

async function listEndlessly(after: number, limit: number) {
  return Array.from({ length: limit }, (_, index) => ({ ...bookOf(index), revision: after + index + 1 }))
}

/** Resolves once a clock of one millisecond has ticked so often. */
async function ticks(count: number): Promise<void> {
  const ticked = Promise.withResolvers<void>()
  let left = count
  const clock = followChanges(
    async () => {
      if (--left === 0) ticked.resolve()
      return 0
    },
    { everyMs: 1, log: silentLog },
  )
  clock.newerThan(0, new AbortController().signal).catch(() => {})
  await ticked.promise
  clock.stop()
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) continue
}

async function isAnyTransactionWaiting({ tables }: OpenStore): Promise<boolean> {
  const { rows } = await sql`select pid from pg_locks where not granted`.execute(tables)
  return rows.length > 0
}

async function clientOf(
  store: OpenStore,
  changes = followChanges(store.books.newestRevision, { everyMs: 1, log: silentLog }),
): Promise<InventoryClient> {
  const server = await serve([service(InventoryServiceService, createInventory({ ...store, changes }))])
  opened.use(server)
  opened.defer(async () => changes.stop())
  return server.client(InventoryServiceService, { deadlineMs: 60_000 })
}

/** A watch that ends with the test, or with the signal. */
function watch(client: InventoryClient, afterRevision = 0, signal?: AbortSignal): AsyncIterable<WatchBooksResponse> {
  const stream = client.watchBooks({ afterRevision }, { signal })
  opened.defer(async () => void (await stream[Symbol.asyncIterator]().return?.()))
  return stream
}

function idsOf(sent: readonly WatchBooksResponse[]): number[] {
  return sent.flatMap(({ books }) => books.map(({ id }) => id))
}

/** The next messages of a stream, which stays open. */
async function take(stream: AsyncIterable<WatchBooksResponse>, count: number): Promise<WatchBooksResponse[]> {
  const iterator = stream[Symbol.asyncIterator]()
  const taken: WatchBooksResponse[] = []
  while (taken.length < count) {
    const { value, done } = await iterator.next()
    if (done) break
    taken.push(value)
  }
  return taken
}

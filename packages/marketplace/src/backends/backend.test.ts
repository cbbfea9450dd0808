import { setImmediate } from 'node:timers/promises'
import { Article, ArticleServiceService, Book, InventoryServiceService } from '@books/proto'
import { notFound, unavailable } from '@books/rpc'
import { serve } from '@books/rpc/testing'
import { silentLog } from '@books/runtime/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fakeArticles, fakeInventory } from '../services.fixture.ts'
import { type BackendSettings, createBackend, type Deadlines, methodsOf } from './backend.ts'
import { createFindBook } from './backends.ts'

const long = 60_000

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('the cache', () => {
  it('makes one call for concurrent requests of the same thing', async () => {
    const { journal, read } = await openJournal()

    const answers = await Promise.all([read(1), read(1), read(2), read(1)])

    expect(answers).toEqual([1, 1, 2, 1].map((id) => answer(`Letter ${id}`)))
    expect(journal.calls).toEqual([1, 2])
  })

  it('answers without a call while an answer is fresh', async () => {
    const { journal, read } = await openJournal({ FRESH_MS: long })
    await read(1)

    expect(await read(1)).toEqual(answer('Letter 1'))
    expect(journal.calls).toEqual([1])
  })

  it('answers at once with a stale answer, and fetches a newer one in the background', async () => {
    const { journal, read } = await openJournal({ STALE_MS: long })
    await read(1)
    const newer = journal.hold()

    const stale = await read(1)
    newer.resolve('Corrected')

    expect(stale).toEqual(answer('Letter 1'))
    await until(async () => (await read(1)).title === 'Corrected')
  })

  it('waits for a new answer once the cached one is old', async () => {
    const { journal, read } = await openJournal()
    await read(1)
    journal.answer = async () => 'Corrected'

    expect(await read(1)).toEqual(answer('Corrected'))
  })

  it('falls back on an answer of any age where the service does not answer', async () => {
    const { journal, read } = await openJournal()
    await read(1)
    journal.answer = fail

    expect(await read(1)).toEqual(fallback('Letter 1'))
    expect(await read(2)).toEqual(fallback(undefined))
  })

  it('also holds that something does not exist, and rejects with that', async () => {
    const { journal, read } = await openJournal({ FRESH_MS: long })
    journal.answer = findNothing

    for (let i = 0; i < 2; i++) await expect(read(1)).rejects.toThrow('No such article')
    expect(journal.calls).toEqual([1])
  })

  it('has a limit, and evicts what was used longest ago', async () => {
    const { journal, read } = await openJournal({ FRESH_MS: long, REMEMBERED_ANSWERS: 2 })
    for (const id of [1, 2, 1, 3]) await read(id)
    journal.calls = []

    for (const id of [1, 3, 2]) await read(id)

    expect(journal.calls).toEqual([2])
  })

  it('answers every one of more concurrent requests than it has entries', async () => {
    const { read } = await openJournal({ REMEMBERED_ANSWERS: 1 })

    const answers = await Promise.all([1, 2, 3].map(read))

    expect(answers).toEqual([1, 2, 3].map((id) => answer(`Letter ${id}`)))
  })
})

describe('the circuit breaker', () => {
  it('makes no call to a service that fails, so that requests do not wait', async () => {
    const { journal, read, breakDown } = await openJournal({ REST_MS: long })
    await read(1)
    await breakDown()
    journal.hold()

    const answers = await Promise.all([1, 2, 1, 2].map(read))

    expect(answers).toEqual(['Letter 1', undefined, 'Letter 1', undefined].map(fallback))
    expect(journal.calls).toEqual([])
  })

  it.each([
    ['fresh', { FRESH_MS: long }, answer],
    ['stale', { STALE_MS: long }, fallback],
    ['old', {}, fallback],
  ])('leaves answers that are %s', async (_age, settings, expected) => {
    const { read, breakDown } = await openJournal({ ...settings, REST_MS: long })
    await read(1)
    await breakDown()

    expect(await read(1)).toEqual(expected('Letter 1'))
  })

  it('tries the service with a single call after a pause, for which no request waits', async () => {
    const { journal, read, breakDown } = await openJournal()
    await read(1)
    await breakDown()
    const trial = journal.hold()

    await until(async () => {
      expect(await read(1)).toEqual(fallback('Letter 1'))
      return journal.calls.length > 0
    })
    const answers = await Promise.all([1, 2, 3].map(read))

    expect(answers).toEqual(['Letter 1', undefined, undefined].map(fallback))
    expect(journal.calls).toEqual([1])
    trial.resolve('Corrected')
    await until(async () => (await read(1)).fallback === undefined)
  })

  it('pauses again where that call fails, and logs one line for the whole outage', async () => {
    const { journal, read, breakDown, lines } = await openJournal()
    await breakDown()

    await until(async () => {
      expect(await read(1)).toEqual(fallback(undefined))
      return journal.calls.length === 3
    })
    journal.answer = async () => 'Back again'
    await until(async () => (await read(1)).fallback === undefined)

    expect(lines).toEqual([
      ['warn', { dependency: 'articles', reason: 'Gone for lunch' }],
      ['info', { dependency: 'articles' }],
    ])
  })

  it('evicts nothing from the cache during an outage, whatever is requested', async () => {
    const { read, breakDown } = await openJournal({ REST_MS: long, REMEMBERED_ANSWERS: 10 })
    await read(1)
    await breakDown()

    await Promise.all(Array.from({ length: 100 }, (_, index) => read(1_000 + index)))

    expect(await read(1)).toEqual(fallback('Letter 1'))
  })

  it('does not count wrong requests as failures', async () => {
    const { journal, read } = await openJournal()
    journal.answer = findNothing
    for (let id = 1; id <= 20; id++) await expect(read(id)).rejects.toThrow('No such article')
    journal.answer = letter

    expect(await read(1)).toEqual(answer('Letter 1'))
  })

  it('counts one failure for many requests that wait for the same call', async () => {
    const { journal, read } = await openJournal({ REST_MS: long })
    journal.answer = fail
    const answers = await Promise.all(Array.from({ length: 20 }, () => read(1)))
    journal.answer = letter

    expect(answers).toEqual(answers.map(() => fallback(undefined)))
    expect(await read(1)).toEqual(answer('Letter 1'))
  })

  it('counts one failure for many books that are one call', async () => {
    let isFailing = true
    const getBooks = async ({ ids }: { ids: number[] }) => {
      if (isFailing) await fail()
      return { books: ids.map((id) => Book.fromPartial({ id })), unknownIds: [] }
    }
    const backend = createBackend('inventory', settingsWith({ REST_MS: long }), silentLog)
    const server = await serve([fakeInventory({ getBooks })])
    opened.defer(server.stop)
    opened.defer(backend.close)
    const findBook = createFindBook(backend, server.client(InventoryServiceService))

    const books = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((id) => findBook(id)))
    isFailing = false

    expect(books).toEqual(books.map(() => ({ value: undefined, fallback: 'inventory' })))
    expect((await findBook(1)).value?.book?.id).toBe(1)
  })
})

describe('a request for the secondary content of a page', () => {
  it('is waited for only for a while, falls back on what is cached, and leaves its answer to later ones', async () => {
    const { journal, articles, read } = await openJournal({ secondaryMs: 1 })
    await read(1)
    const held = journal.hold()

    const beside = await articles.articleDetail({ pk: 1 }, { isSecondary: true })
    const missing = await articles.articleDetail({ pk: 2 }, { isSecondary: true })
    const content = read(1)
    held.resolve('Corrected')

    expect([beside.value?.article?.title, beside.fallback]).toEqual(['Letter 1', 'articles'])
    expect(missing).toEqual({ value: undefined, fallback: 'articles' })
    expect(await content).toEqual(answer('Corrected'))
    expect(journal.calls).toEqual([1, 1, 2])
  })
})

describe('an optional request', () => {
  it('has no value where the service finds it wrong', async () => {
    const { journal, articles } = await openJournal()
    journal.answer = findNothing

    const found = await articles.articleDetail({ pk: 1 }, { isOptional: true })

    expect(found).toEqual({ value: undefined, fallback: 'articles' })
  })
})

/** A journal behind a backend whose answers are old at once, and whose pauses are short, unless settings say otherwise. */
async function openJournal(settings: Partial<BackendSettings & Deadlines> = {}) {
  const lines: unknown[] = []
  const log = Object.assign(Object.create(silentLog), {
    warn: (facts: object) => lines.push(['warn', facts]),
    info: (facts: object) => lines.push(['info', facts]),
  })
  const backend = createBackend('articles', settingsWith(settings), log)

  const journal = {
    /** The ids of the articles that it was asked for. */
    calls: [] as number[],
    answer: letter,
    /** Keeps callers waiting for a title. */
    hold() {
      const held = Promise.withResolvers<string>()
      journal.answer = () => held.promise
      return held
    },
  }
  const server = await serve([
    fakeArticles({
      async articleDetail({ pk }) {
        journal.calls.push(pk)
        return { article: Article.fromPartial({ title: await journal.answer(pk) }) }
      },
    }),
  ])
  opened.defer(server.stop)
  opened.defer(backend.close)
  const client = server.client(ArticleServiceService)
  const articles = methodsOf(backend, client, ['articleDetail'])

  return {
    journal,
    articles,
    lines,
    async read(id: number) {
      const { value, fallback } = await articles.articleDetail({ pk: id })
      return { title: value?.article?.title, fallback }
    },
    /** Lets it fail until the circuit breaker opens. */
    async breakDown() {
      journal.answer = fail
      for (let id = -10; id < 0; id++) await articles.articleDetail({ pk: id })
      journal.calls = []
    },
  }
}

function settingsWith(settings: Partial<BackendSettings & Deadlines>): BackendSettings & Deadlines {
  // A request that waits for a held call exceeds the time limit of its test.
  const deadlines = { pageMs: 2 * long, secondaryMs: 2 * long }
  return { FRESH_MS: 0, STALE_MS: 0, REST_MS: 1, REMEMBERED_ANSWERS: 100, ...deadlines, ...settings }
}

async function letter(id: number): Promise<string> {
  return `Letter ${id}`
}

async function fail(): Promise<never> {
  throw unavailable('Gone for lunch')
}

async function findNothing(): Promise<never> {
  throw notFound('No such article')
}

function answer(title: string | undefined) {
  return { title, fallback: undefined }
}

function fallback(title: string | undefined) {
  return { title, fallback: 'articles' }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let turns = 0; turns < 100_000; turns++) {
    if (await isSo()) return
    await setImmediate()
  }
  throw new Error('the condition did not come true')
}

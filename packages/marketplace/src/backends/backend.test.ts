import { setImmediate } from 'node:timers/promises'
import { Article, ArticleServiceService, Book, InventoryServiceService } from '@books/proto'
import { notFound, unavailable } from '@books/rpc'
import { inProcess } from '@books/rpc/testing'
import { afterEach, describe, expect, it } from '@jest/globals'
import { fakeArticles, fakeInventory } from '../services.fixture.ts'
import { silentLog } from '../shop.fixture.ts'
import { createArticlesSource } from './articles-backend.ts'
import { createSource, type SourceSettings } from './backend.ts'
import { createInventorySource } from './inventory-backend.ts'

const long = 60_000

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

describe('what is remembered', () => {
  it('is one call for all who ask for the same thing at the same time', async () => {
    const { journal, read } = openJournal()

    const answers = await Promise.all([read(1), read(1), read(2), read(1)])

    expect(answers).toEqual([1, 1, 2, 1].map((id) => ({ title: `Letter ${id}`, isFallback: false })))
    expect(journal.calls).toEqual([1, 2])
  })

  it('is answered without a call while it is fresh', async () => {
    const { journal, read } = openJournal({ FRESH_MS: long })
    await read(1)

    expect(await read(1)).toEqual({ title: 'Letter 1', isFallback: false })
    expect(journal.calls).toEqual([1])
  })

  it('is answered at once while it is stale, and a newer answer is fetched meanwhile', async () => {
    const { journal, read } = openJournal({ STALE_MS: long })
    await read(1)
    const newer = journal.hold()

    const answer = await read(1)
    newer.resolve('Corrected')

    expect(answer).toEqual({ title: 'Letter 1', isFallback: false })
    await until(async () => (await read(1)).title === 'Corrected')
  })

  it('is waited for once it is old', async () => {
    const { journal, read } = openJournal()
    await read(1)
    journal.answer = async () => 'Corrected'

    expect(await read(1)).toEqual({ title: 'Corrected', isFallback: false })
  })

  it('is fallen back on, however old, where the service does not answer', async () => {
    const { journal, read } = openJournal()
    await read(1)
    journal.answer = beAway

    expect(await read(1)).toEqual({ title: 'Letter 1', isFallback: true })
    expect(await read(2)).toEqual({ title: undefined, isFallback: true })
  })

  it('is that there is no such thing, too, and whoever asks is told so', async () => {
    const { journal, read } = openJournal({ FRESH_MS: long })
    journal.answer = knowNothing

    for (let i = 0; i < 2; i++) await expect(read(1)).rejects.toThrow('No such article')
    expect(journal.calls).toEqual([1])
  })

  it('is bounded, and what was asked for longest ago goes', async () => {
    const { journal, read } = openJournal({ FRESH_MS: long, REMEMBERED_ANSWERS: 2 })
    for (const id of [1, 2, 1, 3]) await read(id)
    journal.calls = []

    for (const id of [1, 3, 2]) await read(id)

    expect(journal.calls).toEqual([2])
  })

  it('is less than many ask for at once, and each of them is answered', async () => {
    const { read } = openJournal({ REMEMBERED_ANSWERS: 1 })

    const answers = await Promise.all([1, 2, 3].map(read))

    expect(answers).toEqual([1, 2, 3].map((id) => ({ title: `Letter ${id}`, isFallback: false })))
  })
})

describe('a service that fails', () => {
  it('is left alone: it gets no call, and nobody waits for it', async () => {
    const { journal, read, breakDown } = openJournal({ REST_MS: long })
    await read(1)
    await breakDown()
    journal.hold()

    const answers = await Promise.all([1, 2, 1, 2].map(read))

    expect(answers).toEqual(['Letter 1', undefined, 'Letter 1', undefined].map(fallback))
    expect(journal.calls).toEqual([])
  })

  it.each([
    ['fresh', { FRESH_MS: long }, false],
    ['stale', { STALE_MS: long }, true],
    ['old', {}, true],
  ])('is spoken for by what is %s', async (_age, settings, isFallback) => {
    const { read, breakDown } = openJournal({ ...settings, REST_MS: long })
    await read(1)
    await breakDown()

    expect(await read(1)).toEqual({ title: 'Letter 1', isFallback })
  })

  it('is tried by a single call after a rest, for which nobody waits', async () => {
    const { journal, read, breakDown } = openJournal()
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
    await until(async () => !(await read(1)).isFallback)
  })

  it('is left alone for another rest where the trial fails, and the log has one line for all of it', async () => {
    const { journal, read, breakDown, lines } = openJournal()
    await breakDown()

    await until(async () => {
      expect(await read(1)).toEqual(fallback(undefined))
      return journal.calls.length === 3
    })
    journal.answer = async () => 'Back again'
    await until(async () => !(await read(1)).isFallback)

    expect(lines).toEqual([
      ['warn', { dependency: 'articles', reason: 'Gone for lunch' }],
      ['info', { dependency: 'articles' }],
    ])
  })

  it('crowds nothing out of the memory, whatever is asked', async () => {
    const { read, breakDown } = openJournal({ REST_MS: long, REMEMBERED_ANSWERS: 10 })
    await read(1)
    await breakDown()

    await Promise.all(Array.from({ length: 100 }, (_, index) => read(1_000 + index)))

    expect(await read(1)).toEqual(fallback('Letter 1'))
  })

  it('is not one that finds what is asked wrong', async () => {
    const { journal, read } = openJournal()
    journal.answer = knowNothing
    for (let id = 1; id <= 20; id++) await expect(read(id)).rejects.toThrow('No such article')
    journal.answer = letter

    expect(await read(1)).toEqual({ title: 'Letter 1', isFallback: false })
  })

  it('has failed once where many waited for one call', async () => {
    const { journal, read } = openJournal({ REST_MS: long })
    journal.answer = beAway
    const answers = await Promise.all(Array.from({ length: 20 }, () => read(1)))
    journal.answer = letter

    expect(answers).toEqual(answers.map(() => fallback(undefined)))
    expect(await read(1)).toEqual({ title: 'Letter 1', isFallback: false })
  })

  it('has failed once where many books were one call', async () => {
    let isAway = true
    const getBooks = async ({ ids }: { ids: number[] }) => {
      if (isAway) await beAway()
      return { books: ids.map((id) => Book.fromPartial({ id })), unknownIds: [] }
    }
    const source = createSource('inventory', settingsWith({ REST_MS: long }), silentLog)
    const server = inProcess([fakeInventory({ getBooks })])
    const client = server.client(InventoryServiceService, { interceptors: [source.guard] })
    const inventory = createInventorySource(client, source)
    closers.push(source.close)

    const books = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(inventory.findBook))
    isAway = false

    expect(books).toEqual(books.map(() => ({ value: undefined, isFallback: true })))
    expect((await inventory.findBook(1)).value?.book?.id).toBe(1)
  })
})

/** A journal behind a source. Its answers are old at once, and its rests short, unless settings say otherwise. */
function openJournal(settings: Partial<SourceSettings> = {}) {
  const lines: unknown[] = []
  const log = Object.assign(Object.create(silentLog), {
    warn: (facts: object) => lines.push(['warn', facts]),
    info: (facts: object) => lines.push(['info', facts]),
  })
  const source = createSource('articles', settingsWith(settings), log)
  closers.push(source.close)

  const journal = {
    /** The articles that it was asked for. */
    calls: [] as number[],
    answer: letter,
    /** Keeps whoever asks waiting for a title. */
    hold() {
      const held = Promise.withResolvers<string>()
      journal.answer = () => held.promise
      return held
    },
  }
  const server = inProcess([
    fakeArticles({
      async articleDetail({ pk }) {
        journal.calls.push(pk)
        return { article: Article.fromPartial({ title: await journal.answer(pk) }) }
      },
    }),
  ])
  // Whoever waited for what is held would wait too long for a test.
  const client = server.client(ArticleServiceService, { deadlineMs: 2 * long, interceptors: [source.guard] })
  const articles = createArticlesSource(client, source)

  return {
    journal,
    lines,
    async read(id: number) {
      const { value, isFallback } = await articles.readArticle({ pk: id })
      return { title: value?.article?.title, isFallback }
    },
    /** Has it fail until that is noticed. */
    async breakDown() {
      journal.answer = beAway
      for (let id = -10; id < 0; id++) await articles.readArticle({ pk: id })
      journal.calls = []
    },
  }
}

function settingsWith(settings: Partial<SourceSettings>): SourceSettings {
  return { FRESH_MS: 0, STALE_MS: 0, REST_MS: 1, REMEMBERED_ANSWERS: 100, ...settings }
}

async function letter(id: number): Promise<string> {
  return `Letter ${id}`
}

async function beAway(): Promise<never> {
  throw unavailable('Gone for lunch')
}

async function knowNothing(): Promise<never> {
  throw notFound('No such article')
}

function fallback(title: string | undefined) {
  return { title, isFallback: true }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let turns = 0; turns < 100_000; turns++) {
    if (await isSo()) return
    await setImmediate()
  }
  throw new Error('it never came to that')
}

import { type Article, ArticleServiceService } from '@books/proto'
import { type Client, Status, service } from '@books/rpc'
import { serve } from '@books/rpc/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import type { Draft } from './article.ts'
import { draftOf, openEmptyJournal } from './articles.fixture.ts'
import { createArticles } from './articles.ts'

const largest = 2 ** 31 - 1
let opened: Awaited<ReturnType<typeof openEmptyJournal>>
let server: Awaited<ReturnType<typeof serve>>
let client: Client<typeof ArticleServiceService>

beforeAll(async () => {
  opened = await openEmptyJournal()
  server = await serve([service(ArticleServiceService, createArticles(opened.journal))])
  client = server.client(ArticleServiceService)
})
afterAll(async () => {
  await server.stop()
  await opened.database.close()
})
beforeEach(() => opened.empty())

describe('ArticleList', () => {
  it('answers the newest first, and of the same time the one published last', async () => {
    await opened.journal.publish([
      draftOf('second', { createTime: new Date('2026-03-02') }),
      draftOf('fourth', { createTime: new Date('2026-03-04') }),
      draftOf('first', { createTime: new Date('2026-03-01') }),
      draftOf('third', { createTime: new Date('2026-03-02') }),
    ])

    const { articles, total } = await client.articleList({})

    expect(slugsOf(articles)).toEqual(['fourth', 'third', 'second', 'first'])
    expect(total).toBe(4)
  })

  it('answers the texts of the draft', async () => {
    const facts = {
      title: 'Ü & <i>',
      author: 'Tomas Reyl',
      summary: 'A “summary”.',
      content: '## One\n\n*two* 漢字 🖋\n',
    }
    await opened.journal.publish([draftOf('plain', { ...facts, createTime: new Date('2026-03-02T04:05:06Z') })])

    const { articles } = await client.articleList({})

    expect(articles).toEqual([{ id: expect.any(Number), ...facts, createTime: '2026-03-02 04:05:06' }])
  })

  it.each([
    ['the first of the default size', {}, [23, 14]],
    ['page 1', { page: 1 }, [23, 14]],
    ['a page of a size of its own', { page: 2, pageSize: 4 }, [19, 16]],
    ['the last page, which is not full', { page: 3 }, [3, 1]],
    ['pages of one', { page: 23, pageSize: 1 }, [1, 1]],
  ])('answers %s', async (_page, request, [from = 0, to = 0]) => {
    await opened.journal.publish(numberedDrafts(23))

    const { articles, total } = await client.articleList(request)

    const numbers = Array.from({ length: from - to + 1 }, (_, index) => `number-${from - index}`)
    expect(slugsOf(articles)).toEqual(numbers)
    expect(total).toBe(23)
  })

  it('shows each article on one page, for any page size', async () => {
    await opened.journal.publish(numberedDrafts(23))

    for (const pageSize of [1, 2, 7, 10, 22, 23, 24]) {
      const seen: string[] = []
      for (let page = 1; seen.length < 23; page++) {
        const { articles } = await client.articleList({ page, pageSize })
        expect(articles).not.toEqual([])
        seen.push(...slugsOf(articles))
      }
      expect(new Set(seen).size).toBe(23)
    }
  })

  it('answers a hundred at most', async () => {
    await opened.journal.publish(numberedDrafts(102))

    const pages = await Promise.all([100, 101, largest].map((pageSize) => client.articleList({ pageSize })))
    const rest = await client.articleList({ page: 2, pageSize: 5_000 })

    expect(pages.map(({ articles }) => articles.length)).toEqual([100, 100, 100])
    expect(pages.map(({ total }) => total)).toEqual([102, 102, 102])
    expect(slugsOf(rest.articles)).toEqual(['number-2', 'number-1'])
  })

  it.each([
    ['the page after the last', { page: 3, pageSize: 10 }],
    ['a page far away', { page: largest }],
    ['a page far away, of many', { page: largest, pageSize: largest }],
  ])('is empty past the end, with the total: %s', async (_page, request) => {
    await opened.journal.publish(numberedDrafts(20))

    expect(await client.articleList(request)).toEqual({ articles: [], total: 20 })
  })

  it('is empty without articles', async () => {
    expect(await client.articleList({})).toEqual({ articles: [], total: 0 })
  })

  it.each([
    ['page', { page: -1 }],
    ['page', { page: -(2 ** 31), pageSize: 10 }],
    ['page_size', { pageSize: -1 }],
    ['page_size', { page: 1, pageSize: -(2 ** 31) }],
  ])('refuses a negative %s, and names the field', async (field, request) => {
    await expect(client.articleList(request)).rejects.toMatchObject({
      code: Status.INVALID_ARGUMENT,
      message: `${field} must not be negative`,
      details: { badRequest: { fieldViolations: [{ field, description: 'must not be negative' }] } },
    })
  })
})

describe('ArticleDetail', () => {
  it('answers the article of an id', async () => {
    const createTime = new Date('2026-12-31T23:59:59.999Z')
    const [first, second] = await opened.journal.publish([draftOf('one'), draftOf('two', { createTime })])

    const { article } = await client.articleDetail({ pk: second?.id ?? 0 })

    expect(article).toMatchObject({ id: second?.id, title: 'About two', createTime: '2026-12-31 23:59:59' })
    expect(first?.id).not.toBe(second?.id)
  })

  it.each([0, -1, largest, -(2 ** 31)])('answers NOT_FOUND for %d', async (pk) => {
    await opened.journal.publish([draftOf('only')])

    await expect(client.articleDetail({ pk })).rejects.toMatchObject({
      code: Status.NOT_FOUND,
      message: 'Article not found',
    })
  })
})

describe('publishing', () => {
  it('updates the article of the same slug, which keeps its id, and its time unless the draft has one', async () => {
    const createTime = new Date('2026-03-01')
    const [first] = await opened.journal.publish([draftOf('one', { createTime })])

    const [second] = await opened.journal.publish([draftOf('one', { title: 'Anew', content: 'All of it.' })])
    const kept = await client.articleDetail({ pk: first?.id ?? 0 })
    await opened.journal.publish([draftOf('one', { createTime: new Date('2026-04-01') })])
    const moved = await client.articleDetail({ pk: first?.id ?? 0 })

    expect([first?.isNew, second]).toEqual([true, { id: first?.id, title: 'Anew', isNew: false }])
    expect(kept.article).toMatchObject({ title: 'Anew', content: 'All of it.', createTime: '2026-03-01 00:00:00' })
    expect(moved.article).toMatchObject({ title: 'About one', createTime: '2026-04-01 00:00:00' })
  })

  it('gives a draft without a time the time of its publication', async () => {
    const before = new Date(Math.floor(Date.now() / 1000) * 1000)
    await opened.journal.publish([draftOf('one')])

    const { articles } = await client.articleList({})

    const time = new Date(`${articles[0]?.createTime.replace(' ', 'T')}Z`)
    expect(time >= before && time <= new Date()).toBe(true)
  })

  it('publishes none of several drafts where the database refuses one', async () => {
    await opened.journal.publish([draftOf('one')])

    const refused = [draftOf('one', { title: 'Anew' }), draftOf('two'), draftOf('three', { content: 'no \0 text' })]
    // A byte sequence that its encoding does not have.
    await expect(opened.journal.publish(refused)).rejects.toMatchObject({ code: '22021' })

    const { articles, total } = await client.articleList({})
    expect([slugsOf(articles), total]).toEqual([['one'], 1])
  })

  it('fits a hundred of the longest articles onto one page', async () => {
    // As long as a file may be.
    const longest = { title: 'x'.repeat(200), summary: 'x'.repeat(500), content: 'x'.repeat(39_250) }
    await opened.journal.publish(numberedDrafts(100).map((draft) => ({ ...draft, ...longest })))

    const { articles } = await client.articleList({ pageSize: 100 })

    expect(articles).toHaveLength(100)
  })
})

describe('a call that waits for the database', () => {
  it('ends at its deadline, and does not delay later calls', async () => {
    await opened.journal.publish([draftOf('only')])
    const release = await holdDatabase()

    const late = client.articleList({}, { deadlineMs: 100 })
    await expect(late).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED })
    await release()

    expect((await client.articleList({})).total).toBe(1)
  })

  it('ends when its caller cancels', async () => {
    const release = await holdDatabase()
    const giveUp = new AbortController()

    const call = client.articleDetail({ pk: 1 }, { signal: giveUp.signal })
    giveUp.abort()

    await expect(call).rejects.toMatchObject({ code: Status.CANCELLED })
    await release()
  })
})

/** Holds the only connection of the embedded database until it is released. */
async function holdDatabase(): Promise<() => Promise<void>> {
  const held = Promise.withResolvers<void>()
  const free = Promise.withResolvers<void>()
  const tables = await opened.database.open('held', new URL('../migrations/', import.meta.url))
  const holding = tables.connection().execute(async (connection) => {
    await sql`select 1`.execute(connection)
    held.resolve()
    await free.promise
  })
  await held.promise
  return async () => {
    free.resolve()
    await holding
  }
}

function numberedDrafts(count: number): Draft[] {
  return Array.from({ length: count }, (_, index) => draftOf(`number-${index + 1}`))
}

function slugsOf(articles: readonly Article[]): string[] {
  return articles.map(({ title }) => title.replace('About ', ''))
}

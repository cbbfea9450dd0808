import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { type ReadableSpan, TracerProvider } from '@opentelemetry/sdk-trace'
import { type Kysely, sql } from 'kysely'
import { findPostgres, openMemoryDatabase, openServerDatabase } from '../../testing/index.ts'
import type { Database } from './database.ts'

interface Tables {
  notes: { id: number; text: string }
}

const migrations = new URL('./database.fixture/', import.meta.url)
const secret = 'hunter2'

let spans: ReadableSpan[] = []
beforeAll(() => {
  const onEnd = (span: ReadableSpan) => void spans.push(span)
  const processor = { onStart() {}, onEnd, forceFlush: async () => {}, shutdown: async () => {} }
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [processor] }))
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
})
afterAll(() => {
  for (const api of [trace, context]) api.disable()
})

describe.each([['embedded', openMemoryDatabase], ...(findPostgres() ? [['server', openServerDatabase] as const] : [])])(
  'the span of a query (%s)',
  (_, open) => {
    let database: Database
    let notes: Kysely<Tables>
    beforeAll(async () => {
      database = await open()
      notes = await database.open<Tables>('ours', migrations)
    })
    afterAll(() => database.close())
    beforeEach(async () => {
      await notes.deleteFrom('notes').execute()
      spans = []
    })

    it('has the statement without values', async () => {
      await inTrace('page', () => notes.insertInto('notes').values({ id: 7_654_321, text: secret }).execute())

      const [query, page] = spans
      expect(query).toMatchObject({
        name: 'INSERT ours.notes',
        kind: SpanKind.CLIENT,
        attributes: {
          'db.system.name': 'postgresql',
          'db.operation.name': 'INSERT',
          'db.query.summary': 'INSERT ours.notes',
          'db.query.text': 'insert into "ours"."notes" ("id", "text") values ($1, $2)',
        },
        parentSpanContext: page?.spanContext(),
        status: { code: SpanStatusCode.UNSET },
      })
      expect(toldBy(spans)).not.toMatch(/hunter2|7654321/)
    })

    it.each<[string, () => Promise<unknown>]>([
      ['SELECT ours.notes', () => notes.selectFrom('notes').where('text', '=', secret).selectAll().execute()],
      ['UPDATE ours.notes', () => notes.updateTable('notes').set({ text: secret }).execute()],
      ['DELETE ours.notes', () => notes.deleteFrom('notes').where('text', '=', secret).execute()],
      ['SELECT ours.notes', () => notes.with('few', few).selectFrom('few').selectAll().execute()],
      ['SELECT', () => sql`select ${secret}::text`.execute(notes)],
    ])('is called %p', async (name, ask) => {
      await inTrace('page', ask)

      expect(spans.map((span) => span.name)).toEqual([name, 'page'])
    })

    it('lasts as long as the query, and ends before its parent', async () => {
      await inTrace('page', () => sql`select pg_sleep(0.05)`.execute(notes))

      const [query, page] = spans
      expect(millisOf(query?.duration)).toBeGreaterThanOrEqual(50)
      expect(millisOf(query?.duration)).toBeLessThanOrEqual(millisOf(page?.duration) + 1)
      expect(millisOf(query?.startTime)).toBeGreaterThanOrEqual(millisOf(page?.startTime) - 1)
    })

    it('has the error of a failed query, without values', async () => {
      await notes.insertInto('notes').values({ id: 1, text: secret }).execute()

      const asked = inTrace('page', () => notes.insertInto('notes').values({ id: 1, text: secret }).execute())

      await expect(asked).rejects.toThrow('duplicate key')
      expect(spans[0]).toMatchObject({
        attributes: { 'error.type': '23505', 'db.response.status_code': '23505' },
        status: { code: SpanStatusCode.ERROR },
      })
      expect(toldBy(spans)).not.toContain(secret)
    })

    it('belongs to the trace of its own caller among concurrent ones', async () => {
      const asked = Array.from({ length: 8 }, (_, page) =>
        inTrace(`page ${page}`, () => sql`select ${page}::int`.execute(notes)),
      )

      await Promise.all(asked)

      const [queries, pages] = [ofKind(SpanKind.CLIENT), ofKind(SpanKind.INTERNAL)]
      expect(new Set(queries.map((span) => span.parentSpanContext?.spanId))).toEqual(
        new Set(pages.map((span) => span.spanContext().spanId)),
      )
      expect([queries.length, pages.length]).toEqual([8, 8])
    })

    it('does not exist outside of a trace', async () => {
      await notes.selectFrom('notes').selectAll().execute()

      expect(spans).toEqual([])
    })
  },
)

const few = (db: Pick<Kysely<Tables>, 'selectFrom'>) => db.selectFrom('notes').selectAll().limit(3)

function inTrace<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  return trace.getTracer('test').startActiveSpan(name, async (span) => {
    try {
      return await work()
    } finally {
      span.end()
    }
  })
}

function ofKind(kind: SpanKind): ReadableSpan[] {
  return spans.filter((span) => span.kind === kind)
}

function toldBy(ended: ReadableSpan[]): string {
  return JSON.stringify(ended.map(({ name, attributes, events, status }) => [name, attributes, events, status]))
}

function millisOf([seconds, nanoseconds] = [0, 0]): number {
  return seconds * 1000 + nanoseconds / 1e6
}

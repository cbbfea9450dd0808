import { runProcess } from '@books/runtime/testing'
import { describe, expect, it } from '@jest/globals'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const otherTrace = 'b7ad6b71692033310af7651916cd43dd'
const watching = '00000000000000000000000000000077'
const startNanos = 1_795_187_930_000_000_123n
const [server, client] = [2, 3]
const answered = { 'http.request.method': text('GET'), 'http.response.status_code': { intValue: '200' } }

// As the collector writes them, among lines of its own: a batch of each service, the last ones first.
const written = [
  '2026-11-20T15:18:50.000Z\twarn\tsomething else',
  batchOf('articles', [
    spanOf('d4', 'c3', 'SELECT articles.articles', client, [9, 204.5]),
    spanOf('c3', 'b2', 'ArticleService/ArticleDetail', server, [6, 208], { 'rpc.status_code': text('OK') }),
  ]),
  batchOf('marketplace', [
    spanOf('e5', 'a1', 'Recommendations/Recommend', client, [2, 3], { 'rpc.status_code': text('UNAVAILABLE') }, true),
    spanOf('b2', 'a1', 'ArticleService/ArticleDetail', client, [4, 211.25], { 'rpc.status_code': text('OK') }),
    spanOf('77', '', 'books.inventory.v1.InventoryService/WatchBooks', client, [0, 3_600_000], {}, false, watching),
    spanOf('a1', 'ff', 'GET /articles/:id', server, [0, 220], answered),
    spanOf('f6', '', 'GET /', server, [50, 12], answered, false, otherTrace),
  ]),
  '',
].join('\n')

describe('a trace', () => {
  it('is shown from the page to the query, with who waited for whom and how long', async () => {
    const { stdout } = await show(traceId)

    expect(stdout.split('\n')).toEqual([
      '       began        took',
      '      0.0 ms    220.0 ms  marketplace  GET /articles/:id  200',
      '      2.0 ms      3.0 ms  marketplace    → Recommendations/Recommend  UNAVAILABLE !',
      '      4.0 ms    211.3 ms  marketplace    → ArticleService/ArticleDetail  OK',
      '      6.0 ms    208.0 ms  articles         ArticleService/ArticleDetail  OK',
      '      9.0 ms    204.5 ms  articles           → SELECT articles.articles',
      '',
    ])
  })

  it('is found among the slowest requests, of which a stream that stays open is none', async () => {
    const { stdout } = await show()

    expect(stdout.split('\n')).toEqual([
      `    220.0 ms  2026-11-20T15:18:50.000Z  ${traceId}  marketplace: GET /articles/:id  200`,
      `     12.0 ms  2026-11-20T15:18:50.050Z  ${otherTrace}  marketplace: GET /  200`,
      '',
    ])
  })

  it('that is not there is told in one line', async () => {
    const { code, stderr } = await show('00000000000000000000000000000000')

    expect([code, stderr]).toEqual([1, 'no such trace there\n'])
  })
})

async function show(...args: string[]) {
  const { child, ended } = runProcess(new URL('./main.ts', import.meta.url), {}, args)
  child.stdin?.end(written)
  return ended
}

function batchOf(service: string, spans: object[]): string {
  const resource = { attributes: [{ key: 'service.name', value: text(service) }] }
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: '@books/rpc' }, spans }] }] })
}

function spanOf(
  spanId: string,
  parentSpanId: string,
  name: string,
  kind: number | undefined,
  [startMs, durationMs]: [number, number],
  attributes: Record<string, object> = {},
  isError = false,
  trace = traceId,
) {
  const start = startNanos + BigInt(startMs) * 1_000_000n
  return {
    ...{ traceId: trace, spanId, parentSpanId, name, kind },
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + BigInt(durationMs * 1_000_000)),
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })),
    status: isError ? { code: 2 } : {},
  }
}

function text(stringValue: string) {
  return { stringValue }
}

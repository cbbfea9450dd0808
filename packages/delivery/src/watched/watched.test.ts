import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { dashboards } from '../dashboards/dashboards.ts'
import { listRules, listWatched } from './observability.ts'
import { type MeasuredStore, openMeasuredStore } from './open-store.fixture.ts'
import { readPromql } from './read-promql.ts'
import { readScrape } from './read-scrape.ts'

// What Prometheus adds: the target of each series, whether targets answer, and alerts.
const addedLabels = ['job', 'instance']
const addedMetrics: [string, string[]][] = [
  ['up', []],
  ['ALERTS', ['alertname', 'alertstate', 'severity']],
]
const recorded = listRules('rules.yaml').flatMap(({ record }) => (record === undefined ? [] : [record]))

let store: MeasuredStore
let measured: Map<string, Set<string>>
beforeAll(async () => {
  store = await openMeasuredStore()
  for (const path of ['/', '/books/1', '/articles', '/articles/0', '/search?q=a', '/nowhere']) await store.read(path)
  measured = readScrape(await store.scrape())
  for (const [metric, labels] of addedMetrics) measured.set(metric, new Set(labels))
})
afterAll(() => store?.stop())

describe('what rules and dashboards ask for', () => {
  it.each(listWatched())('is measured by the store: $where', ({ expr }) => {
    for (const { metric, labels } of readPromql(expr)) expect(unknownOf(metric, labels)).toEqual([])
  })

  it('is found missing where it is not', () => {
    const [selected] = readPromql('sum by (shelf) (rate(books_sold_total{reader!=""}[5m]))')

    expect(selected).toEqual({ metric: 'books_sold_total', labels: ['reader', 'shelf'] })
    expect(unknownOf('books_sold_total', [])).toEqual(['books_sold_total'])
    expect(unknownOf('process_uptime', ['job', 'shelf'])).toEqual(['process_uptime{shelf}'])
    expect(unknownOf('job:pages:rate5m', ['instance'])).toEqual(['job:pages:rate5m{instance}'])
  })

  it('has a bucket that ends where pages become slow', async () => {
    expect(await store.scrape()).toMatch(/^http_server_request_duration_bucket\{.*le="0\.3"/m)
  })
})

describe('what is promised of pages', () => {
  const lists = listRules('rules.yaml').flatMap(({ expr }) =>
    [...expr.matchAll(/http_route!~"([^"]*)"/g)].map(([, list = '']) => list),
  )

  it('leaves out what is no page, and nothing else', async () => {
    const [asset = ''] = /\/assets\/store\.\w+\.css/.exec(await store.read('/')) ?? []
    const noPages = ['/healthz', '/readyz', '/robots.txt', '/sitemap.xml', '/articles.atom', '/api/articles']
    for (const path of [...noPages, asset]) await store.read(path)
    const scraped = (await store.scrape()).matchAll(/http_route="([^"]+)"/g)
    const routes = [...new Set([...scraped].map(([, route = '']) => route))]

    expect(new Set(lists).size).toBe(1)
    const leftOut = routes.filter((route) => new RegExp(`^(?:${lists[0]})$`).test(route))
    expect(leftOut.toSorted()).toEqual([...noPages, '/assets/:file'].toSorted())
    expect(routes).toEqual(expect.arrayContaining(['/', '/books/:id', '/articles', '/articles/:id', '/search']))
    for (const alternative of lists[0]?.split('|') ?? [])
      expect(routes.filter((route) => new RegExp(`^(?:${alternative})$`).test(route))).toHaveLength(1)
  })
})

describe('a panel', () => {
  const panels = dashboards.flatMap(({ title, rows }) =>
    rows.flatMap((row) => row.panels.map((panel) => [`${title}: ${panel.title}`, panel] as const)),
  )

  it.each(panels)('names its series by labels that they have (%s)', (_name, { queries }) => {
    for (const { expr, legend } of queries) {
      const labels = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label)
      const metrics = readPromql(expr).map(({ metric }) => metric)
      expect(metrics.flatMap((metric) => unknownOf(metric, labels))).toEqual([])
    }
  })
})

/** What there is not: the metric, or labels of it. */
function unknownOf(metric: string, labels: readonly string[]): string[] {
  // Series that are recorded are summed up by service.
  const known = recorded.includes(metric)
    ? ['job']
    : measured.get(metric) && [...addedLabels, ...(measured.get(metric) ?? [])]
  if (!known) return [metric]
  return labels.filter((label) => !known.includes(label)).map((label) => `${metric}{${label}}`)
}

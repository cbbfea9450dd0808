import { EventEmitter, once } from 'node:events'
import { startTelemetry, type Telemetry } from '@books/runtime'
import { silentLog } from '@books/runtime/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import Fastify, { type FastifyInstance } from 'fastify'
import { openShop } from '../../shop.fixture.ts'
import { injectThroughMiddleware } from '../inject.fixture.ts'
import { useMiddleware } from '../middleware.ts'
import { trackRoutes } from '../request-facts.ts'
import { measureRequests } from './request-metrics.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
const events = new EventEmitter()
let telemetry: Telemetry
beforeEach(async () => {
  telemetry = await startTelemetry(
    { METRICS_PORT: 0, HOST: '127.0.0.1' },
    { name: 'shop', version: '1.2.3', log: silentLog },
  )
})
afterEach(async () => {
  await opened.disposeAsync()
  await telemetry.stop()
})

describe('the metrics of requests', () => {
  it('count the durations of each route, whatever its parameters', async () => {
    const shop = await openShop()
    opened.defer(shop.close)

    for (const url of ['/books/1', '/books/2', '/nowhere', '/somewhere?q=hunter2']) await shop.app.inject(url)
    const text = await scrape()

    const page = labels({ method: 'GET', status: 200, route: '/books/:id' })
    expect(text).toMatch(seriesOf('http_server_request_duration_count', page, '2'))
    expect(text).toMatch(seriesOf('http_server_request_duration_bucket', `${page}.*le="0.3"`, '[0-2]'))
    expect(text).toMatch(seriesOf('http_server_request_duration_bucket', `${page}.*le="\\+Inf"`, '2'))
    expect(text).toMatch(seriesOf('http_server_request_duration_count', labels({ method: 'GET', status: 404 }), '2'))
    expect(text).not.toMatch(/nowhere|somewhere|hunter2|books\/1/)
  })

  it('count errors', async () => {
    const app = await openEmptyShop()

    await app.inject('/broken')

    const failed = labels({ method: 'GET', status: 500, route: '/broken', error: '500' })
    expect(await scrape()).toMatch(seriesOf('http_server_request_duration_count', failed, '1'))
  })

  it('count active requests, and those whose client disconnected', async () => {
    const app = await openEmptyShop()
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const visitor = new AbortController()
    const active = seriesOf.bind(undefined, 'http_server_active_requests', 'http_request_method="GET"')

    const answer = fetch(`${url}/endless`, { signal: visitor.signal }).catch(() => {})
    await once(events, 'entered')
    expect(await scrape()).toMatch(active('1'))
    visitor.abort()
    await answer
    await once(events, 'left')

    const text = await scrape()
    expect(text).toMatch(active('0'))
    expect(text).toMatch(
      seriesOf('http_server_request_duration_count', labels({ method: 'GET', route: '/endless' }), '1'),
    )
  })
})

it('requests are not measured without telemetry', async () => {
  await telemetry.stop()
  const next = () => {}

  expect(measureRequests(undefined)(next)).toBe(next)
})

async function openEmptyShop(): Promise<FastifyInstance> {
  const app = Fastify({ forceCloseConnections: true })
  trackRoutes(app)
  useMiddleware(app, [measureRequests(undefined)])
  injectThroughMiddleware(app)
  app.get('/broken', async () => {
    throw new Error('out of ink')
  })
  app.get('/endless', (_request, reply) => {
    reply.raw.once('close', () => events.emit('left'))
    events.emit('entered')
    return new Promise(() => {})
  })
  opened.defer(() => app.close())
  return app
}

async function scrape(): Promise<string> {
  return (await fetch(`http://127.0.0.1:${telemetry.metricsPort}/metrics`)).text()
}

interface Labels {
  method: string
  status?: number
  route?: string
  error?: string
}

/** All labels of a duration, in their order. */
function labels({ method, status, route, error }: Labels): string {
  return [
    `http_request_method="${method}",url_scheme="http"`,
    ...(route === undefined ? [] : [`http_route="${route}"`]),
    ...(status === undefined ? [] : [`http_response_status_code="${status}"`]),
    ...(error === undefined ? [] : [`error_type="${error}"`]),
    'otel_scope_name=',
  ].join(',')
}

function seriesOf(name: string, withLabels: string, value: string): RegExp {
  return new RegExp(`^${name}\\{${withLabels}.*\\} ${value}$`, 'm')
}

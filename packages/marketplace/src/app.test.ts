import { once } from 'node:events'
import { createConnection } from 'node:net'
import { BookCategory, BookRecommendation, type RecommendationRequest, RecommendationsService } from '@books/proto'
import { createClient, type Handlers, HealthService, notFound, startServer } from '@books/rpc'
import { fakeService, serve } from '@books/rpc/testing'
import { createLog } from '@books/runtime'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { FastifyInstance } from 'fastify'
import { createApp } from './app.ts'
import { loadAssets } from './assets.ts'
import { startMarketplace } from './index.ts'

const log = createLog('test', { LOG_LEVEL: 'silent', LOG_FORMAT: 'json' })
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const falcon = BookRecommendation.fromPartial({
  id: 1,
  title: 'The Maltese Falcon',
  author: 'Dashiell Hammett',
  category: BookCategory.MYSTERY,
})
const orient = BookRecommendation.fromPartial({
  id: 2,
  title: 'Murder on the <i>Orient</i>',
  author: 'A & C',
  category: BookCategory.MYSTERY,
})
const hound = BookRecommendation.fromPartial({
  id: 3,
  title: 'The Hound of the Baskervilles',
  author: 'A. Doyle',
  category: BookCategory.MYSTERY,
})

describe('the front page', () => {
  it('shows the three mysteries that it asked for, each in a plain list item', async () => {
    const asked: RecommendationRequest[] = []
    const app = await shopOver({
      async recommend(request) {
        asked.push(request)
        return { recommendations: [falcon, orient, hound] }
      },
    })

    const { statusCode, headers, body } = await app.inject('/')

    expect(asked).toMatchObject([{ userId: 1, category: BookCategory.MYSTERY, maxResults: 3 }])
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(body).toContain('<title>Online Books For You</title>')
    expect(body).toMatch(/<h[12][^>]*>Mystery books you may like<\/h[12]>/)
    expect(plainItems(body)).toHaveLength(3)
    expect(plainItems(body)[0]).toContain('The Maltese Falcon')
    expect(body).toContain('Dashiell Hammett')
    expect(body.match(/<svg[^>]*viewBox="0 0 240 360"/g)).toHaveLength(3)
  })

  it('shows titles and names as text, whatever they contain', async () => {
    const app = await shopOver({ recommend: async () => ({ recommendations: [orient] }) })

    const { body } = await app.inject('/')

    expect(body).toContain('Murder on the &lt;i&gt;Orient&lt;/i&gt;')
    expect(body).not.toContain('<i>')
  })

  it('says so when there is nothing to recommend', async () => {
    const app = await shopOver({ recommend: async () => ({ recommendations: [] }) })

    const { statusCode, body } = await app.inject('/')

    expect(statusCode).toBe(200)
    expect(body).toContain('The mystery shelf is empty just now.')
    expect(plainItems(body)).toEqual([])
  })

  it.each([
    ['fail', { recommend: async () => Promise.reject(notFound('no such thing')) }],
    ['never answer', { recommend: () => new Promise<never>(() => {}) }],
  ])('opens without recommendations when they %s', async (_how, handlers) => {
    const app = await shopOver(handlers)

    const { statusCode, body } = await app.inject('/')

    expect(statusCode).toBe(200)
    expect(body).toContain('We cannot reach our recommendations just now.')
    expect(body).not.toContain('no such thing')
  })

  it('opens without recommendations when they are away, and with them once they are back', async () => {
    const services = [
      fakeService(RecommendationsService, { recommend: async () => ({ recommendations: [falcon, orient, hound] }) }),
    ]
    const first = await serve(services)
    const app = await shopAt(first.port)
    expect(plainItems((await app.inject('/')).body)).toHaveLength(3)

    await first.stop()
    const { statusCode, body } = await app.inject('/')
    expect(statusCode).toBe(200)
    expect(body).toContain('We cannot reach our recommendations just now.')

    const second = await startServer({ address: `127.0.0.1:${first.port}`, log, services })
    closers.push(second.stop)
    let picks: string[] = []
    while (picks.length === 0) picks = plainItems((await app.inject('/')).body)
    expect(picks).toHaveLength(3)
  })
})

describe('what orchestrators ask', () => {
  it('is alive, and ready with or without recommendations, and says which', async () => {
    const server = await serve([
      fakeService(RecommendationsService, { recommend: async () => ({ recommendations: [] }) }),
    ])
    const app = await shopAt(server.port)

    expect((await app.inject('/healthz')).json()).toEqual({ status: 'ok' })
    expect((await app.inject('/readyz')).json()).toEqual({ status: 'ready', recommendations: 'serving' })
    await server.stop()
    expect((await app.inject('/readyz')).json()).toEqual({ status: 'ready', recommendations: 'unreachable' })
  })
})

describe('files', () => {
  it('are linked by their content and kept for good', async () => {
    const app = await shopOver({ recommend: async () => ({ recommendations: [] }) })
    const { body } = await app.inject('/')

    for (const link of ['stylesheet', 'icon']) {
      const path = new RegExp(`<link rel="${link}" href="([^"]+)"`).exec(body)?.[1] ?? ''
      const { statusCode, headers } = await app.inject(path)

      expect(path).toMatch(/\.[0-9a-f]{12}\.(css|svg)$/)
      expect([statusCode, headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable'])
    }
  })
})

describe('bad input', () => {
  it.each([
    ['an unknown page', 'GET', '/nothing-here', 404],
    ['a malformed address', 'GET', '/%zz', 400],
    ['a path out of the shop', 'GET', '/../../etc/passwd', 404],
    ['a method that the page does not have', 'POST', '/', 404],
    ['a query that makes no sense', 'GET', '/?%zz=%&&&=[]&a[b]=c&__proto__=1', 200],
  ] as const)('answers %s with a page', async (_what, method, url, code) => {
    const app = await shopOver({ recommend: async () => ({ recommendations: [] }) })

    const { statusCode, headers, body } = await app.inject({ method, url })

    expect([statusCode, headers['content-type']]).toEqual([code, 'text/html; charset=utf-8'])
    expect(body).toContain('<html lang="en">')
    expect(body).not.toMatch(/\bat .*\.(ts|js):\d+/)
  })

  it('answers a body that is no form and no JSON with a page', async () => {
    const app = await shopOver({ recommend: async () => ({ recommendations: [] }) })

    const answer = await app.inject({
      method: 'POST',
      url: '/',
      headers: { 'content-type': 'application/json' },
      payload: '{"a',
    })

    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain('We did not understand that')
  })

  it('hides what went wrong inside, and gives a number to report', async () => {
    const app = await shopOver({ recommend: async () => ({ recommendations: [] }) })
    app.addHook('onRequest', async () => {
      throw new Error('password is hunter2')
    })

    const { statusCode, body } = await app.inject('/')

    expect(statusCode).toBe(500)
    expect(body).toContain('That went wrong')
    expect(body).toMatch(/<code>[0-9a-f-]{36}<\/code>/)
    expect(body).not.toContain('hunter2')
  })

  it.each([
    ['bytes that are no HTTP', '\u0000\u0001\u0002 what is this?\r\n\r\n'],
    ['a header without a name', 'GET / HTTP/1.1\r\nHost: books\r\n: empty\r\n\r\n'],
    ['a header that never ends', `GET / HTTP/1.1\r\nHost: books\r\nX: ${'x'.repeat(20_000)}`],
  ])('refuses %s and goes on', async (_what, bytes) => {
    const shop = await startMarketplace({ settings: { ...settingsFor(1), HOST: '127.0.0.1' }, log })
    closers.unshift(shop.stop)
    const socket = createConnection(shop.port, '127.0.0.1')
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))

    socket.write(bytes)
    await once(socket, 'close')

    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1.1 4(00|31) /)
    expect((await fetch(`http://127.0.0.1:${shop.port}/healthz`)).status).toBe(200)
  })
})

/** The content of every list item that has no attributes. */
function plainItems(html: string): string[] {
  return [...html.matchAll(/<li>([\s\S]*?)<\/li>/g)].map(([, content = '']) => content)
}

async function shopOver(handlers: Partial<Handlers<typeof RecommendationsService>>): Promise<FastifyInstance> {
  const server = await serve([fakeService(RecommendationsService, handlers)])
  closers.push(server.stop)
  return shopAt(server.port)
}

async function shopAt(port: number): Promise<FastifyInstance> {
  const target = { address: `127.0.0.1:${port}`, deadlineMs: 200 }
  const recommendations = createClient(RecommendationsService, target)
  const recommendationsHealth = createClient(HealthService, target)
  const app = await createApp({ recommendations, recommendationsHealth, assets: loadAssets(), log })
  closers.unshift(
    () => app.close(),
    () => recommendations.close(),
    () => recommendationsHealth.close(),
  )
  return app
}

function settingsFor(recommendationsPort: number) {
  return {
    HOST: '::',
    PORT: 0,
    RECOMMENDATIONS_HOST: '127.0.0.1',
    RECOMMENDATIONS_PORT: recommendationsPort,
    RECOMMENDATIONS_DEADLINE_MS: 200,
  }
}

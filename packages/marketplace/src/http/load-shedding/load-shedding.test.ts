import { Agent, get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { startTelemetry } from '@books/runtime'
import { silentLog } from '@books/runtime/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { useMiddleware } from '../middleware.ts'
import { createSecurityHeaders } from '../security/security-headers.ts'
import { shedLoad } from './load-shedding.ts'

const busyMs = 100
const paying = ['/checkout', '/orders/:id', '/payments/events']
// Twenty requests take longer than that, and less than twice as long.
const workMs = 6

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('load shedding', () => {
  it('serves some requests, and rejects the others at once with Retry-After', async () => {
    const { send } = await startServer()

    const { served, refused } = await send('/work', 60)

    expect([served.length, refused.length]).toEqual([20, 40])
    for (const { status, headers, body } of refused) {
      expect([status, headers['retry-after'], headers['cache-control']]).toEqual([503, '5', 'no-store'])
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/)
      expect(headers['strict-transport-security']).toBe('max-age=31536000')
      expect(body).toContain('<h1>The shop is full</h1>')
      expect(body).not.toMatch(/href|src=/)
    }
  })

  it('ends once the event loop has been idle', async () => {
    const { send, becomeIdle } = await startServer()
    await send('/work', 60)

    becomeIdle()

    expect((await send('/work', 20)).refused).toEqual([])
  })

  it('serves again after a while, even if the event loop is never idle', async () => {
    const { send, pass } = await startServer()
    await send('/work', 60)

    pass(busyMs)

    expect((await send('/work', 60)).served).toHaveLength(20)
  })

  it('never rejects a health check', async () => {
    const { send } = await startServer()

    const [others, alive, ready] = await Promise.all([send('/work', 60), send('/healthz', 5), send('/readyz', 5)])

    expect(others.refused).toHaveLength(40)
    expect([...alive.refused, ...ready.refused]).toEqual([])
  })

  it.each(['/checkout', '/checkout?fit=1', '/orders/AAAA-1', '/orders/AAAA-1?secret=x', '/payments/events'])(
    'never rejects a visitor who is paying: %s',
    async (path) => {
      const { send } = await startServer()

      const [others, served] = await Promise.all([send('/work', 60), send(path, 5)])

      expect([others.refused.length, served.refused.length]).toEqual([40, 0])
    },
  )

  it('never rejects what is answered from memory', async () => {
    const { send } = await startServer()

    const [others, served] = await Promise.all([send('/work', 60), send('/kept', 5)])

    expect([others.refused.length, served.refused.length]).toEqual([40, 0])
  })

  it.each(['/orders', '/checkouts'])('rejects what only looks like it: %s', async (path) => {
    const { send } = await startServer()

    const [, answers] = await Promise.all([send('/work', 60), send(path, 5)])

    expect(answers.refused).toHaveLength(5)
  })

  it('logs one line for many rejections', async () => {
    const { send, logged, lines } = await startServer()

    await send('/work', 60)
    await logged
    await setImmediate()

    expect(lines).toEqual([{ rejected: 40 }])
  })

  it('counts rejections in a metric', async () => {
    const service = { name: 'shop', version: '1.2.3', log: silentLog }
    const telemetry = await startTelemetry({ METRICS_PORT: 0, HOST: '127.0.0.1' }, service)
    opened.defer(telemetry.stop)
    const { send } = await startServer()
    const scrape = async () => (await fetch(`http://127.0.0.1:${telemetry.metricsPort}/metrics`)).text()
    expect(await scrape()).toMatch(/^books_visitors_turned_away_total\{.*\} 0$/m)

    await send('/work', 60)

    expect(await scrape()).toMatch(/^books_visitors_turned_away_total\{.*\} 40$/m)
  })

  it('does not reject the first few requests, however long they take', async () => {
    const { send, pass } = await startServer()
    await send('/work', 19)
    pass(busyMs / 2)

    expect((await send('/work', 1)).refused).toEqual([])
  })

  it('does not reject requests on connections that were just answered', async () => {
    const { send } = await startServer()

    for (let i = 0; i < 12; i++) expect((await send('/work', 5)).refused).toEqual([])
  })

  it('limits the running requests while the event loop is busy', async () => {
    const { send, finish } = await startServer()

    const waiting = send('/wait', 230)
    const { refused } = await send('/work', 1)
    finish()
    const { served } = await waiting
    const later = await send('/wait', 40)

    expect(refused).toHaveLength(1)
    expect(served).toHaveLength(200)
    expect(later.refused).toEqual([])
  })

  it('does not reject requests because others wait for a slow service', async () => {
    const { send, untilRunning, finish, becomeIdle } = await startServer()
    const waiting = []
    for (let i = 1; i <= 15; i++) {
      waiting.push(send('/wait', 19))
      await untilRunning(19 * i)
      becomeIdle()
    }

    expect((await send('/work', 1)).refused).toEqual([])
    finish()
    expect((await Promise.all(waiting)).flatMap(({ refused }) => refused)).toEqual([])
  })
})

interface Answer {
  status: number | undefined
  headers: IncomingHttpHeaders
  body: string
}

/** A server that is busy for every request to /work, and holds those to /wait until `finish`. The test controls its clocks. */
async function startServer() {
  let nowMs = 1_000
  let idleMs = 1
  const time = { now: () => nowMs, idle: () => idleMs }
  const lines: object[] = []
  const logged = Promise.withResolvers<void>()
  const warn = (facts: object) => {
    lines.push(facts)
    logged.resolve()
  }
  const finished = Promise.withResolvers<void>()
  let running = 0

  const app = Fastify()
  const log = Object.assign(Object.create(silentLog), { warn })
  const securityHeaders = createSecurityHeaders('https://books.example')
  const isInMemory = ({ url }: IncomingMessage) => url === '/kept'
  useMiddleware(app, [shedLoad(app, { busyMs, isInMemory, securityHeaders, log, time })])
  app.get('/healthz', async () => 'alive')
  app.get('/readyz', async () => 'ready')
  for (const path of [...paying, '/kept', '/checkouts', '/orders']) app.get(path, async () => 'served')
  app.get('/work', async () => {
    nowMs += workMs
    return 'done'
  })
  app.get('/wait', async () => {
    running++
    await finished.promise
    return 'done'
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 300 })
  opened.defer(() => app.close())
  opened.defer(() => agent.destroy())

  const ask = (path: string) =>
    new Promise<Answer>((resolve, reject) => {
      get({ agent, port, host: '127.0.0.1', path }, (response) => {
        const { statusCode: status, headers } = response
        text(response).then((body) => resolve({ status, headers, body }), reject)
      }).on('error', reject)
    })

  return {
    lines,
    logged: logged.promise,
    finish: finished.resolve,
    becomeIdle: () => void idleMs++,
    pass: (ms: number) => {
      nowMs += ms
    },
    async send(path: string, count: number) {
      const answers = await Promise.all(Array.from({ length: count }, () => ask(path)))
      const served = answers.filter(({ status }) => status === 200)
      return { served, refused: answers.filter((answer) => !served.includes(answer)) }
    },
    /** Resolves once this number of requests to /wait are running. */
    async untilRunning(count: number) {
      while (running < count) await setImmediate()
    },
  }
}

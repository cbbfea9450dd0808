import type { IncomingMessage } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { startTelemetry } from '@books/runtime'
import { silentLog } from '@books/runtime/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { injectThroughMiddleware } from '../inject.fixture.ts'
import { useMiddleware } from '../middleware.ts'
import { createSecurityHeaders } from '../security/security-headers.ts'
import { shedLoad } from './load-shedding.ts'
import { turnsEnd } from './turns.fixture.ts'

const paying = ['/checkout', '/orders/:id', '/payments/events']
// More than a turn of the event loop handles.
const workMs = 6
// Of 80 such requests at once, the last 62 wait for 100 ms, and the last 20 are never rejected.
const [served, rejected] = [38, 42]

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('load shedding', () => {
  it('rejects requests that have waited too long with Retry-After, and serves the others', async () => {
    const { send } = await startServer()
    const answers = await send('/work', 80)
    expect([answers.served.length, answers.refused.length]).toEqual([served, rejected])
    for (const { statusCode, headers, body } of answers.refused) {
      expect([statusCode, headers['retry-after'], headers['cache-control']]).toEqual([503, '5', 'no-store'])
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/)
      expect(headers['strict-transport-security']).toBe('max-age=31536000')
      expect(body).toContain('<h1>The shop is full</h1>')
      expect(body).not.toMatch(/href|src=/)
    }
  })

  it('ends once no request waits', async () => {
    const { send } = await startServer()
    await send('/work', 80)
    expect((await send('/work', 17)).refused).toEqual([])
  })

  it.each(['/healthz', '/readyz'])('never rejects a health check: %s', async (path) => {
    const { sendWhileOverloaded } = await startServer()

    const { others, answers } = await sendWhileOverloaded(path)

    expect([others.refused.length, answers.refused.length]).toEqual([rejected, 0])
  })

  it.each(['/checkout', '/checkout?fit=1', '/orders/AAAA-1', '/orders/AAAA-1?secret=x', '/payments/events'])(
    'never rejects a visitor who is paying: %s',
    async (path) => {
      const { sendWhileOverloaded } = await startServer()

      const { others, answers } = await sendWhileOverloaded(path)

      expect([others.refused.length, answers.refused.length]).toEqual([rejected, 0])
    },
  )

  it('never rejects what is answered from memory', async () => {
    const { sendWhileOverloaded } = await startServer()

    const { others, answers } = await sendWhileOverloaded('/kept')

    expect([others.refused.length, answers.refused.length]).toEqual([rejected, 0])
  })

  it.each(['/orders', '/checkouts'])('rejects what only looks like it: %s', async (path) => {
    const { sendWhileOverloaded } = await startServer()

    const { answers } = await sendWhileOverloaded(path)

    expect(answers.refused).toHaveLength(5)
  })

  it('logs one line for many rejections', async () => {
    const { send, logged, lines } = await startServer()

    expect((await send('/work', 80)).refused).toHaveLength(rejected)
    await logged
    await setImmediate()

    expect(lines).toEqual([{ rejected }])
  })

  it('counts rejections in a metric', async () => {
    const service = { name: 'shop', version: '1.2.3', log: silentLog }
    const telemetry = await startTelemetry({ METRICS_PORT: 0, HOST: '127.0.0.1' }, service)
    opened.defer(telemetry.stop)
    const { send } = await startServer()
    const scrape = async () => (await fetch(`http://127.0.0.1:${telemetry.metricsPort}/metrics`)).text()
    expect(await scrape()).toMatch(/^books_visitors_turned_away_total\{.*\} 0$/m)

    await send('/work', 80)

    expect(await scrape()).toMatch(new RegExp(`^books_visitors_turned_away_total\\{.*\\} ${rejected}$`, 'm'))
  })

  it('does not reject few requests, however long they wait', async () => {
    const { send } = await startServer({ busyMs: 1 })
    expect((await send('/work', 20)).refused).toEqual([])
  })

  it('rejects requests that waited while many are running', async () => {
    const { send, finish } = await startServer({ busyMs: 60_000 })
    const waiting = send('/wait', 240)
    await turnsEnd()
    finish()
    expect((await waiting).refused).toHaveLength(20)
    expect((await send('/wait', 40)).refused).toEqual([])
  })

  it('does not reject requests because others wait for a slow service', async () => {
    const { send, finish } = await startServer()
    const waiting = []
    for (let i = 0; i < 15; i++) {
      waiting.push(send('/wait', 19))
      await turnsEnd()
    }

    expect((await send('/work', 1)).refused).toEqual([])
    finish()
    expect((await Promise.all(waiting)).flatMap(({ refused }) => refused)).toEqual([])
  })
})

/** A server that is busy for every request to /work, and holds those to /wait until `finish`. The test controls its clock. */
async function startServer({ busyMs } = { busyMs: 100 }) {
  let nowMs = 1_000
  const lines: object[] = []
  const logged = Promise.withResolvers<void>()
  const warn = (facts: object) => {
    lines.push(facts)
    logged.resolve()
  }
  const finished = Promise.withResolvers<void>()

  const app = Fastify()
  const log = Object.assign(Object.create(silentLog), { warn })
  const securityHeaders = createSecurityHeaders('https://books.example')
  const isInMemory = ({ url }: IncomingMessage) => url === '/kept'
  useMiddleware(app, [shedLoad(app, { busyMs, isInMemory, securityHeaders, log, now: () => nowMs })])
  injectThroughMiddleware(app)
  app.get('/healthz', async () => 'alive')
  app.get('/readyz', async () => 'ready')
  for (const path of [...paying, '/kept', '/checkouts', '/orders']) app.get(path, async () => 'served')
  app.get('/work', async () => {
    nowMs += workMs
    return 'done'
  })
  app.get('/wait', async () => {
    nowMs += workMs
    await finished.promise
    return 'done'
  })
  opened.defer(() => app.close())

  async function send(url: string, count: number) {
    const answers = await Promise.all(Array.from({ length: count }, () => app.inject({ url })))
    const served = answers.filter(({ statusCode }) => statusCode === 200)
    return { served, refused: answers.filter((answer) => !served.includes(answer)) }
  }

  return {
    lines,
    logged: logged.promise,
    finish: finished.resolve,
    send,
    /** Sends five requests to a path when those before them have waited too long. */
    async sendWhileOverloaded(path: string) {
      const [others, answers] = await Promise.all([send('/work', 60), send(path, 5), send('/work', 20)])
      return { others, answers }
    },
  }
}

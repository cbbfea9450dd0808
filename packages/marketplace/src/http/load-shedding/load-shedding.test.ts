import { Agent, get, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { startTelemetry } from '@books/runtime'
import { afterEach, describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { silentLog } from '../../shop.fixture.ts'
import { createSecurityHeaders } from '../security/security-headers.ts'
import { useLoadShedding } from './load-shedding.ts'

const busyMs = 100
// Twenty visitors keep the shop busy for longer than that, and for less than twice as long.
const workMs = 6

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

describe('a crowd', () => {
  it('is served in part, and the rest is told at once when to come back', async () => {
    const { come } = await openShop()

    const { served, refused } = await come('/work', 60)

    expect([served.length, refused.length]).toEqual([20, 40])
    for (const { status, headers, body } of refused) {
      expect([status, headers['retry-after'], headers['cache-control']]).toEqual([503, '5', 'no-store'])
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/)
      expect(headers['strict-transport-security']).toBe('max-age=31536000')
      expect(body).toContain('<h1>The shop is full</h1>')
      expect(body).not.toMatch(/href|src=/)
    }
  })

  it('is over once the event loop has slept', async () => {
    const { come, sleep } = await openShop()
    await come('/work', 60)

    sleep()

    expect((await come('/work', 20)).refused).toEqual([])
  })

  it('does not keep everybody out of a shop that never finds a moment of peace', async () => {
    const { come, pass } = await openShop()
    await come('/work', 60)

    pass(busyMs)

    expect((await come('/work', 60)).served).toHaveLength(20)
  })

  it('keeps no orchestrator from what it asks', async () => {
    const { come } = await openShop()

    const [visitors, alive, ready] = await Promise.all([come('/work', 60), come('/healthz', 5), come('/readyz', 5)])

    expect(visitors.refused).toHaveLength(40)
    expect([...alive.refused, ...ready.refused]).toEqual([])
  })

  it('is one line in the log, not one for each who is turned away', async () => {
    const { come, told, lines } = await openShop()

    await come('/work', 60)
    await told
    await setImmediate()

    expect(lines).toEqual([{ rejected: 40 }])
  })

  it('is counted for whoever measures', async () => {
    const service = { name: 'shop', version: '1.2.3', log: silentLog }
    const telemetry = await startTelemetry({ METRICS_PORT: 0, HOST: '127.0.0.1' }, service)
    closers.push(telemetry.stop)
    const { come } = await openShop()
    const scrape = async () => (await fetch(`http://127.0.0.1:${telemetry.metricsPort}/metrics`)).text()
    expect(await scrape()).toMatch(/^books_visitors_turned_away_total\{.*\} 0$/m)

    await come('/work', 60)

    expect(await scrape()).toMatch(/^books_visitors_turned_away_total\{.*\} 40$/m)
  })

  it('is more than a few, however long they take', async () => {
    const { come, pass } = await openShop()
    await come('/work', 19)
    pass(busyMs / 2)

    expect((await come('/work', 1)).refused).toEqual([])
  })

  it('is not a few who come again and again', async () => {
    const { come } = await openShop()

    for (let i = 0; i < 12; i++) expect((await come('/work', 5)).refused).toEqual([])
  })

  it('is also those who wait inside, where the shop has no moment to spare', async () => {
    const { come, finish } = await openShop()

    const waiting = come('/wait', 230)
    const { refused } = await come('/work', 1)
    finish()
    const { served } = await waiting
    const later = await come('/wait', 40)

    expect(refused).toHaveLength(1)
    expect(served).toHaveLength(200)
    expect(later.refused).toEqual([])
  })

  it('is not those who wait for a slow service', async () => {
    const { come, arrive, finish, sleep } = await openShop()
    const waiting = []
    for (let i = 1; i <= 15; i++) {
      waiting.push(come('/wait', 19))
      await arrive(19 * i)
      sleep()
    }

    expect((await come('/work', 1)).refused).toEqual([])
    finish()
    expect((await Promise.all(waiting)).flatMap(({ refused }) => refused)).toEqual([])
  })
})

interface Answer {
  status: number | undefined
  headers: IncomingHttpHeaders
  body: string
}

/** A shop that works for every visitor to /work, and lets those to /wait wait until it is told to finish. Its time is the test's. */
async function openShop() {
  let nowMs = 1_000
  let sleptMs = 1
  const time = { now: () => nowMs, idle: () => sleptMs }
  const lines: object[] = []
  const told = Promise.withResolvers<void>()
  const warn = (facts: object) => {
    lines.push(facts)
    told.resolve()
  }
  const finished = Promise.withResolvers<void>()
  let arrived = 0

  const app = Fastify()
  const log = Object.assign(Object.create(silentLog), { warn })
  useLoadShedding(app, { busyMs, setSecurityHeaders: createSecurityHeaders('https://books.example'), log, time })
  app.get('/healthz', async () => 'alive')
  app.get('/readyz', async () => 'ready')
  app.get('/work', async () => {
    nowMs += workMs
    return 'done'
  })
  app.get('/wait', async () => {
    arrived++
    await finished.promise
    return 'done'
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 300 })
  closers.push(
    () => agent.destroy(),
    () => app.close(),
  )

  const ask = (path: string) =>
    new Promise<Answer>((resolve, reject) => {
      get({ agent, port, host: '127.0.0.1', path }, (response) => {
        const { statusCode: status, headers } = response
        text(response).then((body) => resolve({ status, headers, body }), reject)
      }).on('error', reject)
    })

  return {
    lines,
    told: told.promise,
    finish: finished.resolve,
    sleep: () => void sleptMs++,
    pass: (ms: number) => {
      nowMs += ms
    },
    async come(path: string, count: number) {
      const answers = await Promise.all(Array.from({ length: count }, () => ask(path)))
      const served = answers.filter(({ status }) => status === 200)
      return { served, refused: answers.filter((answer) => !served.includes(answer)) }
    },
    /** Resolves once so many have come to /wait. */
    async arrive(count: number) {
      while (arrived < count) await setImmediate()
    },
  }
}

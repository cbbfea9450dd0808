import { Agent, get, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { silentLog } from './shop.fixture.ts'
import { turnAwayCrowds } from './turn-away-crowds.ts'

const busyMs = 200
// Twenty visitors keep the shop busy for longer than that, and for less than twice as long.
const workMs = 15

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

describe('a crowd', () => {
  it('is served in part, and the rest is told at once when to come back', async () => {
    const { come } = await openShop()

    const { served, refused } = await come('/work', 60)

    expect(served.length).toBeGreaterThanOrEqual(20)
    expect(refused.length).toBeGreaterThan(0)
    for (const { status, headers, body } of refused) {
      expect([status, headers['retry-after'], headers['cache-control']]).toEqual([503, '5', 'no-store'])
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'/)
      expect(body).toContain('<h1>The shop is full</h1>')
      expect(body).not.toMatch(/href|src=/)
    }
  })

  it('leaves nothing behind', async () => {
    const { come } = await openShop()
    await come('/work', 60)

    await letSleep()
    expect((await come('/work', 1)).served).toHaveLength(1)
  })

  it('keeps no orchestrator from what it asks', async () => {
    const { come } = await openShop()

    const [visitors, alive, ready] = await Promise.all([come('/work', 60), come('/healthz', 5), come('/readyz', 5)])

    expect(visitors.refused.length).toBeGreaterThan(0)
    expect([...alive.refused, ...ready.refused]).toEqual([])
  })

  it('is one line in the log, not one for each who is turned away', async () => {
    const { come, told, lines } = await openShop()

    const { refused } = await come('/work', 60)
    await told
    await letSleep()

    expect(lines).toEqual([{ turnedAway: refused.length }])
  })

  it('is more than a few, however long they take', async () => {
    const { come } = await openShop()

    expect((await come('/work', 20)).refused).toEqual([])
  })

  it('is not a few who come again and again', async () => {
    const { come } = await openShop()

    const regulars = Array.from({ length: 5 }, async () => {
      const answers = []
      for (let i = 0; i < 12; i++) answers.push(await come('/work', 1))
      return answers.flatMap(({ refused }) => refused)
    })

    expect((await Promise.all(regulars)).flat()).toEqual([])
  })

  it('is also those who wait inside, where the shop has no moment to spare', async () => {
    const { come, finish, keepBusy } = await openShop({ busyMs: 60_000 })
    keepBusy()

    const waiting = come('/wait', 230)
    const { refused } = await come('/work', 1)
    finish()
    const { served } = await waiting
    const later = await come('/wait', 40)

    expect(refused).toHaveLength(1)
    expect(served).toHaveLength(200)
    expect(later.refused).toEqual([])
  })

  it('does not keep everybody out of a shop that never finds a moment of peace', async () => {
    const { come, keepBusy } = await openShop()
    keepBusy()
    await come('/work', 60)

    await setTimeout(2 * busyMs)

    expect((await come('/work', 1)).served).toHaveLength(1)
  })

  it('is not those who wait for a slow service', async () => {
    const { come, finish } = await openShop()

    const waiting = []
    for (let i = 0; i < 15; i++) {
      waiting.push(come('/wait', 19))
      await letSleep()
    }
    const { served } = await come('/work', 1)

    expect(served).toHaveLength(1)
    finish()
    expect((await Promise.all(waiting)).flatMap(({ refused }) => refused)).toEqual([])
  })
})

/** Resolves once the event loop had nothing to do. */
async function letSleep(): Promise<void> {
  await setTimeout(5)
}

interface Answer {
  status: number | undefined
  headers: IncomingHttpHeaders
  body: string
}

/** A shop that works for every visitor to /work, and lets those to /wait wait until it is told to finish. */
async function openShop(settings = { busyMs }) {
  const lines: object[] = []
  const told = Promise.withResolvers<void>()
  const warn = (facts: object) => {
    lines.push(facts)
    told.resolve()
  }
  const finished = Promise.withResolvers<void>()
  const app = Fastify()
  app.get('/healthz', async () => 'alive')
  app.get('/readyz', async () => 'ready')
  app.get('/work', async () => {
    const began = performance.now()
    while (performance.now() - began < workMs);
    return 'done'
  })
  app.get('/wait', async () => {
    await finished.promise
    return 'done'
  })
  turnAwayCrowds(app, settings.busyMs, Object.assign(Object.create(silentLog), { warn }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 300 })

  const ask = (path: string) =>
    new Promise<Answer>((resolve, reject) => {
      get({ agent, port, host: '127.0.0.1', path }, (response) => {
        const { statusCode: status, headers } = response
        text(response).then((body) => resolve({ status, headers, body }), reject)
      }).on('error', reject)
    })
  let isBusy = false
  closers.push(
    () => {
      isBusy = false
      agent.destroy()
    },
    () => app.close(),
  )
  // Those who come together arrive together, as their connections are there.
  await Promise.all(Array.from({ length: 300 }, () => ask('/healthz')))
  await letSleep()

  return {
    lines,
    told: told.promise,
    finish: finished.resolve,
    async come(path: string, count: number) {
      const answers = await Promise.all(Array.from({ length: count }, () => ask(path)))
      const served = answers.filter(({ status }) => status === 200)
      return { served, refused: answers.filter((answer) => !served.includes(answer)) }
    },
    /** Has the event loop never sleep. */
    keepBusy() {
      isBusy = true
      const turn = () => void (isBusy && setImmediate(turn))
      turn()
    },
  }
}

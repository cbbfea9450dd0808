import { Agent, get, type IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Log } from '@books/runtime'
import { afterEach, describe, expect, it } from '@jest/globals'
import { startMarketplace } from './index.ts'
import { settingsWith, silentLog } from './shop.fixture.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

describe('a crowd', () => {
  it('is served in part, and the rest is told at once when to come back', async () => {
    const { come } = await openShop()

    const answers = await come('/taste', 60)

    const [served, refused] = [answers.filter(isServed), answers.filter((answer) => !isServed(answer))]
    expect(served.length).toBeGreaterThanOrEqual(20)
    expect(refused.length).toBeGreaterThan(0)
    for (const { status, headers, body } of refused) {
      expect([status, headers['retry-after'], headers['cache-control']]).toEqual([503, '5', 'no-store'])
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'/)
      expect(body).toContain('<h1>The shop is full</h1>')
      expect(body).not.toMatch(/href|src=/)
    }
  })

  it('leaves the shop as it was', async () => {
    const { come } = await openShop()
    await come('/taste', 60)

    const [answer] = await come('/taste', 1)

    expect(answer?.status).toBe(200)
  })

  it('does not keep orchestrators from what they ask', async () => {
    const { come } = await openShop()

    const answers = await Promise.all([come('/taste', 60), come('/healthz', 5), come('/readyz', 5)])

    expect(answers[0].some((answer) => !isServed(answer))).toBe(true)
    expect([...answers[1], ...answers[2]].every(isServed)).toBe(true)
  })

  it('is one line in the log, not one for each', async () => {
    const { come, told } = await openShop()

    const refused = (await come('/taste', 60)).filter((answer) => !isServed(answer))

    expect(await told).toEqual({ turnedAway: refused.length })
  })

  it('is more than a few, however long they take', async () => {
    const { come } = await openShop()

    const answers = await come('/taste', 20)

    expect(answers.every(isServed)).toBe(true)
  })
})

interface Answer {
  status: number | undefined
  headers: IncomingHttpHeaders
  body: string
}

/** A shop that is busy after a millisecond; `come` has so many visitors ask for a path at the same time. */
async function openShop() {
  const told = Promise.withResolvers<object>()
  const log: Log = Object.assign(Object.create(silentLog), { warn: told.resolve })
  const shop = await startMarketplace({ settings: settingsWith({ BUSY_MS: 1 }), log })
  const agent = new Agent({ keepAlive: true, maxSockets: 100, maxFreeSockets: 100 })
  closers.push(() => agent.destroy(), shop.stop)

  const ask = (path: string) =>
    new Promise<Answer>((resolve, reject) => {
      get({ agent, port: shop.port, host: '127.0.0.1', path }, async (response) => {
        resolve({ status: response.statusCode, headers: response.headers, body: await text(response) })
      }).on('error', reject)
    })
  const come = (path: string, count: number) => Promise.all(Array.from({ length: count }, () => ask(path)))
  // What then comes at once arrives at once, as the connections are there.
  await come('/healthz', 70)
  return { come, told: told.promise }
}

function isServed({ status }: Answer): boolean {
  return status === 200
}

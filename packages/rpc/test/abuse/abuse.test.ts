import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { TourService, tourDescriptors } from '../../src/call/tour.fixture.ts'
import { createClient } from '../../src/client/client.ts'
import { type Child, startChild } from '../child.fixture.ts'
import { growthMib, type Memory } from '../memory.fixture.ts'
import { attacks } from './attacks.fixture.ts'
import type { Outcome } from './offender.fixture.ts'
import type { Order } from './offender-process.fixture.ts'

const floods = attacks.filter(({ pace }) => pace === 'flood')
const slow = attacks.filter(({ pace }) => pace === 'slow')

describe('a server under abuse', () => {
  let victim: Child
  let port: number
  beforeAll(async () => {
    victim = startChild(new URL('./victim.fixture.ts', import.meta.url))
    port = await victim.ask('port')
    // Memory that a server allocates once is no growth.
    await serveHonestlyWhile(warmUp())
  })
  afterAll(() => victim.stop())

  it.each(floods)('closes the connection of "$name", and serves other clients', async ({ name }) => {
    const before = await victim.ask<Memory>('memory')

    const outcome = await serveHonestlyWhile(attack(name))

    const after = await victim.ask<Memory>('memory')
    expect(outcome).toMatchObject({ closedAfterMs: expect.any(Number) })
    expect(growthMib(before, after)).toBeLessThan(32)
  })

  it('closes connections that keep it waiting, and serves other clients', async () => {
    const before = await victim.ask<Memory>('memory')

    const outcomes = await serveHonestlyWhile(Promise.all(slow.map(({ name }) => attack(name))))

    const after = await victim.ask<Memory>('memory')
    expect(outcomes).toMatchObject(slow.map(() => ({ closedAfterMs: expect.any(Number) })))
    expect(growthMib(before, after)).toBeLessThan(32)
  })

  async function attack(name: string): Promise<Outcome> {
    const offender = startChild(new URL('./offender-process.fixture.ts', import.meta.url))
    try {
      return await offender.ask({ attack: name, port } satisfies Order)
    } finally {
      await offender.stop()
    }
  }

  async function warmUp() {
    const client = createClient(TourService, { address: `127.0.0.1:${port}`, descriptors: tourDescriptors() })
    const batch = () => Promise.all(Array.from({ length: 50 }, () => client.greet({ name: 'Ada' })))
    for (let i = 0; i < 100; i++) await batch()
    client.close()
  }

  /** Calls the server as a regular client until a promise settles; every call has to succeed. */
  async function serveHonestlyWhile<Result>(something: Promise<Result>): Promise<Result> {
    const client = createClient(TourService, { address: `127.0.0.1:${port}`, descriptors: tourDescriptors() })
    const over = new AbortController()
    const result = something.finally(() => over.abort())
    do expect(await client.greet({ name: 'Ada' })).toEqual({ text: 'Hello, Ada' })
    while (!over.signal.aborted)
    client.close()
    return result
  }
})

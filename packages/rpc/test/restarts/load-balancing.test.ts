import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { silentLog } from '../../src/call/log.ts'
import { service } from '../../src/call/service.ts'
import { TourService, tour, tourDescriptors } from '../../src/call/tour.fixture.ts'
import { createClient } from '../../src/client/client.ts'
import { startServer } from '../../src/server/server.ts'
import { type DnsServer, startDns } from './dns.fixture.ts'
import { type Caller, freePort, startCaller, startReplica } from './replicas.fixture.ts'

const lanes = 32
const connectionAgeMs = 3_000

describe('load balancing', () => {
  let opened: AsyncDisposableStack
  beforeEach(() => {
    opened = new AsyncDisposableStack()
  })
  afterEach(() => opened.disposeAsync())

  it('sends half of the calls to each of two replicas', async () => {
    const port = await freePort()
    const dns = await serveDns('127.0.0.1', '127.0.0.2')
    await startReplicas(port, '127.0.0.1', '127.0.0.2')
    const caller = await callerOf(dns, port)
    await meet(caller, 2)

    const { answers, errors } = await caller.call({ calls: 10_000, lanes })

    expect(errors).toEqual({})
    expect(shares(answers)).toHaveLength(2)
    for (const share of shares(answers)) expect(Math.abs(share - 1 / 2)).toBeLessThanOrEqual(0.05)
  })

  it('sends a third replica its share within the age of a connection', async () => {
    const port = await freePort()
    const dns = await serveDns('127.0.0.1', '127.0.0.2')
    await startReplicas(port, '127.0.0.1', '127.0.0.2', '127.0.0.3')
    const caller = await callerOf(dns, port)
    await meet(caller, 2)

    dns.set('127.0.0.1', '127.0.0.2', '127.0.0.3')
    const joined = performance.now()
    await meet(caller, 3)
    const waitedMs = performance.now() - joined
    const { answers, errors } = await caller.call({ calls: 6_000, lanes })

    expect(errors).toEqual({})
    expect(waitedMs).toBeLessThanOrEqual(connectionAgeMs)
    expect(shares(answers)).toHaveLength(3)
    for (const share of shares(answers)) expect(Math.abs(share - 1 / 3)).toBeLessThanOrEqual(0.05)
  })

  it.each([
    ['localhost', '127.0.0.1'],
    ['localhost', '[::]'],
    ['127.0.0.1', '[::]'],
    ['[::1]', '[::]'],
  ])('reaches one server by %s that listens on %s', async (host, listening) => {
    const services = [service(TourService, tour())]
    const server = await startServer({ address: `${listening}:0`, log: silentLog, services })
    const client = createClient(TourService, { address: `${host}:${server.port}`, descriptors: tourDescriptors() })
    opened.defer(server.stop)
    opened.defer(client.close)

    expect(await client.greet({ name: 'Ada' })).toEqual({ text: 'Hello, Ada' })
  })

  async function serveDns(...addresses: string[]) {
    const dns = await startDns(...addresses)
    opened.defer(dns.stop)
    return dns
  }

  async function startReplicas(port: number, ...hosts: string[]) {
    const replicas = await Promise.all(hosts.map((host) => startReplica(`${host}:${port}`, { connectionAgeMs })))
    for (const { end } of replicas) opened.defer(async () => void (await end('SIGTERM')))
  }

  async function callerOf(dns: DnsServer, port: number) {
    const caller = await startCaller(`dns://127.0.0.1:${dns.port}/tour:${port}`)
    opened.defer(caller.end)
    return caller
  }
})

/** Makes calls until this many replicas have responded. */
async function meet(caller: Caller, replicas: number) {
  let met = 0
  while (met < replicas) {
    const { answers } = await caller.call({ calls: 2 * replicas, lanes: 1 })
    met = Object.keys(answers).length
  }
}

function shares(answers: Record<string, number>): number[] {
  const counts = Object.values(answers)
  const all = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count) => count / all)
}

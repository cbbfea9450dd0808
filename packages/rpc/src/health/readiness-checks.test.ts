import { Server, ServerCredentials } from '@grpc/grpc-js'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Log } from '../call/log.ts'
import { RpcError, Status } from '../call/rpc-error.ts'
import { service } from '../call/service.ts'
import { TourService, tour, tourDescriptors } from '../call/tour.fixture.ts'
import { type Client, createClient, createHealthClient } from '../client/client.ts'
import { readinessCheckOf } from '../client/readiness-check.ts'
import { startServer } from '../server/server.ts'
import { type HealthService, ServingStatus } from './health-service.ts'
import type { ReadinessChecks, ReadinessPolling } from './readiness-checks.ts'

const { SERVING, NOT_SERVING } = ServingStatus
const often = { everyMs: 1, withinMs: 5_000 }

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('a server with readiness checks', () => {
  it('is ready once all of them pass', async () => {
    const database = Promise.withResolvers<void>()
    const stock = Promise.withResolvers<void>()
    const { health, next } = await start({ database: () => database.promise, stock: () => stock.promise })

    expect(await next()).toBe(NOT_SERVING)
    expect(await health.check({ service: '' })).toEqual({ status: NOT_SERVING })
    database.resolve()
    expect(await health.check({ service: 'test.Tour' })).toEqual({ status: NOT_SERVING })
    stock.resolve()

    expect(await next()).toBe(SERVING)
    expect(await health.check({ service: '' })).toEqual({ status: SERVING })
  })

  it('follows a check that fails and passes, and logs each change once', async () => {
    const away = new Error('connection refused')
    let isAway = true
    const { next, lines } = await start({
      async database() {
        if (isAway) throw away
      },
    })

    expect(await next()).toBe(NOT_SERVING)
    isAway = false
    expect(await next()).toBe(SERVING)
    isAway = true
    expect(await next()).toBe(NOT_SERVING)
    isAway = false
    expect(await next()).toBe(SERVING)

    const unmet = ['error', { check: 'database', err: away }, 'not ready: a readiness check fails']
    const met = ['info', { check: 'database' }, 'a readiness check passes']
    expect(lines).toEqual([unmet, met, unmet, met])
  })

  it('reports a check that takes too long as failing, and repeats it only after it has settled', async () => {
    const settle = Promise.withResolvers<void>()
    const asked: AbortSignal[] = []
    const logged = Promise.withResolvers<unknown>()
    const { next } = await start(
      {
        async database(signal) {
          asked.push(signal)
          if (asked.length === 1) await settle.promise
        },
      },
      { everyMs: 1, withinMs: 5 },
      { info() {}, error: logged.resolve },
    )

    expect(await next()).toBe(NOT_SERVING)
    expect(await logged.promise).toMatchObject({ check: 'database', err: { message: 'no result within 5 ms' } })
    expect(asked.map(({ aborted }) => aborted)).toEqual([true])
    settle.resolve()

    expect(await next()).toBe(SERVING)
    expect(asked.length).toBeGreaterThan(1)
  })

  it('is not ready while a service sets itself not ready, even though all checks pass', async () => {
    const { server, health, next } = await start({ database: async () => {} })
    await until(SERVING, next)

    server.health.set('test.Tour', false)

    expect(await next()).toBe(NOT_SERVING)
    expect(await health.check({ service: '' })).toEqual({ status: SERVING })
  })

  it('turns not ready when it stops, and runs no more checks', async () => {
    const looking = Promise.withResolvers<AbortSignal>()
    let looks = 0
    const { server, next, lines } = await start({
      async database(signal) {
        looks += 1
        if (looks === 1) return
        looking.resolve(signal)
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      },
    })
    await until(SERVING, next)
    const signal = await looking.promise

    const stopped = server.stop()

    expect(await next()).toBe(NOT_SERVING)
    expect(await next()).toBe('the end')
    await stopped
    expect(signal.aborted).toBe(true)
    expect([looks, lines.length]).toEqual([2, 1])
  })
})

describe('the readiness check of the service behind a client', () => {
  it('passes while that is serving', async () => {
    const leaf = await startTour('127.0.0.1:0')
    const client = clientOf(leaf.port)
    const { next } = await start({ tour: readinessCheckOf(client) })
    await until(SERVING, next)

    await leaf.stop()
    expect(await next()).toBe(NOT_SERVING)
    const again = await startTour(`127.0.0.1:${leaf.port}`)
    expect(await next()).toBe(SERVING)
    again.health.set('test.Tour', false)
    expect(await next()).toBe(NOT_SERVING)
  })

  it('passes for a server that responds and has no health service', async () => {
    const server = new Server()
    opened.defer(() => server.forceShutdown())
    const port = await new Promise<number>((resolve) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_, bound) => resolve(bound))
    })

    await expect(readinessCheckOf(clientOf(port))(new AbortController().signal)).resolves.toBeUndefined()
  })

  it('fails for a server of other services', async () => {
    const { server } = await start({})
    const client = createHealthClient({ address: `127.0.0.1:${server.port}` })
    opened.defer(client.close)

    await expect(readinessCheckOf(client)(new AbortController().signal)).rejects.toMatchObject({
      code: Status.NOT_FOUND,
    })
  })

  it('ends when its signal aborts', async () => {
    const leaf = await startTour('127.0.0.1:0')

    const looking = readinessCheckOf(clientOf(leaf.port))(AbortSignal.abort())

    await expect(looking).rejects.toBeInstanceOf(RpcError)
  })

  async function startTour(address: string) {
    const services = [service(TourService, tour())]
    const server = await startServer({ address, log: { info() {}, error() {} }, services })
    opened.defer(server.stop)
    return server
  }

  function clientOf(port: number) {
    const client = createClient(TourService, { address: `127.0.0.1:${port}`, descriptors: tourDescriptors() })
    opened.defer(client.close)
    return client
  }
})

/** A server with these readiness checks, its log lines and the watched statuses of test.Tour. */
async function start(readinessChecks: ReadinessChecks, readinessPolling: ReadinessPolling = often, log?: Log) {
  const lines: unknown[][] = []
  const listing: Log = {
    info: (...line) => lines.push(['info', ...line]),
    error: (...line) => lines.push(['error', ...line]),
  }
  const services = [service(TourService, tour())]
  const server = await startServer({
    address: '127.0.0.1:0',
    log: log ?? listing,
    services,
    readinessChecks,
    readinessPolling,
  })
  const health = createHealthClient({ address: `127.0.0.1:${server.port}`, deadlineMs: 30_000 })
  opened.defer(server.stop)
  opened.defer(health.close)
  return { server, health, lines, next: watcherOf(health) }
}

function watcherOf(health: Client<typeof HealthService>) {
  const changes = health.watch({ service: 'test.Tour' })[Symbol.asyncIterator]()
  return async (): Promise<ServingStatus | 'the end'> => {
    const { done, value } = await changes.next()
    return done ? 'the end' : value.status
  }
}

async function until(status: ServingStatus, next: () => Promise<ServingStatus | 'the end'>) {
  while ((await next()) !== status);
}

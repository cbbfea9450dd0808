import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { silentLog } from '../call/log.ts'
import { Status } from '../call/rpc-error.ts'
import { service } from '../call/service.ts'
import { TourService, tour, tourDescriptors } from '../call/tour.fixture.ts'
import { createClient, createHealthClient } from '../client/client.ts'
import { type RpcServer, type ServerOptions, startServer } from '../server/server.ts'
import { createHealth } from './health.ts'
import { ServingStatus } from './health-service.ts'

describe('health', () => {
  let opened: AsyncDisposableStack
  beforeEach(() => {
    opened = new AsyncDisposableStack()
  })
  afterEach(() => opened.disposeAsync())

  it('reports on the server and each service, and not on itself', async () => {
    const { health } = await start()

    expect(await health.check({ service: '' })).toEqual({ status: ServingStatus.SERVING })
    expect(await health.check({ service: 'test.Tour' })).toEqual({ status: ServingStatus.SERVING })
    await expect(health.check({ service: 'test.Unheard' })).rejects.toMatchObject({ code: Status.NOT_FOUND })
  })

  it('reports what was set for a service', async () => {
    const { server, health } = await start()

    server.health.set('test.Tour', false)

    expect(await health.check({ service: 'test.Tour' })).toEqual({ status: ServingStatus.NOT_SERVING })
    expect(await health.check({ service: '' })).toEqual({ status: ServingStatus.SERVING })
  })

  it('sends each change to a watcher, and ends with the server', async () => {
    const { server, health } = await start()
    const seen: ServingStatus[] = []

    for await (const { status } of health.watch({ service: 'test.Tour' })) {
      seen.push(status)
      if (seen.length === 1) server.health.set('test.Tour', false)
      if (seen.length === 2) server.health.set('test.Tour', true)
      if (seen.length === 3) opened.defer(stopped(server))
    }

    expect(seen).toEqual([
      ServingStatus.SERVING,
      ServingStatus.NOT_SERVING,
      ServingStatus.SERVING,
      ServingStatus.NOT_SERVING,
    ])
  })

  it('sends the latest status to a slow watcher', async () => {
    const health = createHealth(['test.Tour'])
    const watching = health.watch('test.Tour', new AbortController().signal)[Symbol.asyncIterator]()

    expect(await watching.next()).toMatchObject({ value: true })
    health.set('test.Tour', false)

    expect(await watching.next()).toMatchObject({ value: false })
  })

  it('reports SERVICE_UNKNOWN to a watcher of a service that the server does not have', async () => {
    const { health } = await start()

    for await (const { status } of health.watch({ service: 'test.Unheard' })) {
      expect(status).toBe(ServingStatus.SERVICE_UNKNOWN)
      break
    }
  })

  it('reports liveness while a readiness check fails, and while the server stops', async () => {
    const { server, health } = await start({ readinessChecks: { ink: () => Promise.reject(new Error('none')) } })

    expect(await health.check({ service: 'live' })).toEqual({ status: ServingStatus.SERVING })
    expect(await health.check({ service: '' })).toEqual({ status: ServingStatus.NOT_SERVING })
    server.health.drain()
    expect(await health.check({ service: 'live' })).toEqual({ status: ServingStatus.SERVING })
  })

  it('is served on the plaintext probe port, and nothing else is', async () => {
    const { server } = await start({ probePort: 0 })
    const address = `127.0.0.1:${server.probePort}`
    const [probe, other] = [
      createHealthClient({ address, waitForReadyMs: 1 }),
      createClient(TourService, { address, descriptors: tourDescriptors() }),
    ]
    opened.defer(other.close)
    opened.defer(probe.close)

    server.health.set('test.Tour', false)

    expect(await probe.check({ service: '' })).toEqual({ status: ServingStatus.SERVING })
    expect(await probe.check({ service: 'test.Tour' })).toEqual({ status: ServingStatus.NOT_SERVING })
    await expect(other.greet({ name: 'Ann' })).rejects.toMatchObject({ code: Status.UNIMPLEMENTED })
    await server.stop()
    await expect(probe.check({ service: '' })).rejects.toMatchObject({ code: Status.UNAVAILABLE })
  })

  async function start(options: Partial<ServerOptions> = {}) {
    const server = await startServer({
      address: '127.0.0.1:0',
      log: silentLog,
      services: [service(TourService, tour())],
      ...options,
    })
    const health = createHealthClient({ address: `127.0.0.1:${server.port}` })
    opened.defer(server.stop)
    opened.defer(health.close)
    return { server, health }
  }

  function stopped(server: RpcServer) {
    const stopping = server.stop()
    return () => stopping
  }
})

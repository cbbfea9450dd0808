import { once } from 'node:events'
import { connect } from 'node:http2'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { silentLog } from '../call/log.ts'
import { Status } from '../call/rpc-error.ts'
import { type Handlers, service } from '../call/service.ts'
import { TourService, tour, tourDescriptors } from '../call/tour.fixture.ts'
import { createClient, createHealthClient } from '../client/client.ts'
import { ServingStatus } from '../health/health-service.ts'
import { type ServerOptions, startServer } from './server.ts'

// Longer than a timer whose delay overflows.
const overflowMs = 20

describe('a server that stops', () => {
  let opened: AsyncDisposableStack
  beforeEach(() => {
    opened = new AsyncDisposableStack()
  })
  afterEach(() => opened.disposeAsync())

  it('accepts calls while load balancers notice that it is not ready', async () => {
    const server = await start({ drainMs: 1_000 })
    const address = `127.0.0.1:${server.port}`
    const client = clientOf(address)
    const health = createHealthClient({ address })
    opened.defer(health.close)
    await client.greet({ name: 'Ada' })

    const stopped = server.stop()

    expect(await health.check({ service: '' })).toEqual({ status: ServingStatus.NOT_SERVING })
    expect(await health.check({ service: 'test.Tour' })).toEqual({ status: ServingStatus.NOT_SERVING })
    expect(await client.greet({ name: 'Bob' })).toEqual({ text: 'Hello, Bob' })
    expect(await clientOf(address).greet({ name: 'Cleo' })).toEqual({ text: 'Hello, Cleo' })
    await stopped
  })

  it('refuses calls after that, and other replicas handle them', async () => {
    const entered = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    const leaving = await start({}, async () => {
      entered.resolve()
      await finish.promise
      return { text: 'Goodbye' }
    })
    const staying = await start({ address: `127.0.0.2:${leaving.port}` })
    const running = clientOf(`127.0.0.1:${leaving.port}`).greet({ name: 'Ada' })
    await entered.promise

    const stopped = leaving.stop()

    await expect(clientOf(`127.0.0.1:${leaving.port}`).greet({ name: 'Bob' })).rejects.toMatchObject({
      code: Status.UNAVAILABLE,
    })
    const both = clientOf(`ipv4:127.0.0.1:${leaving.port},127.0.0.2:${staying.port}`)
    expect(await both.greet({ name: 'Cleo' })).toEqual({ text: 'Hello, Cleo' })
    finish.resolve()
    expect(await running).toEqual({ text: 'Goodbye' })
    await stopped
  })

  it('moves the calls of a client that is connected to both', async () => {
    const leaving = await start({}, async () => ({ text: 'leaving' }))
    const staying = await start({ address: `127.0.0.2:${leaving.port}` }, async () => ({ text: 'staying' }))
    const client = clientOf(`ipv4:127.0.0.1:${leaving.port},127.0.0.2:${staying.port}`)
    const met = new Set<string>()
    while (met.size < 2) met.add((await client.greet({ name: 'Ada' })).text)

    const calls = Array.from({ length: 100 }, () => client.greet({ name: 'Bob' }))
    await leaving.stop()
    calls.push(client.greet({ name: 'Cleo' }))

    expect((await Promise.all(calls)).at(-1)).toEqual({ text: 'staying' })
  })

  it.each([30 * 24 * 60 * 60 * 1_000, Number.POSITIVE_INFINITY])(
    'lets active calls end within %s ms',
    async (graceMs) => {
      const entered = Promise.withResolvers<void>()
      const finish = Promise.withResolvers<void>()
      const server = await start({ graceMs, connectionAgeMs: graceMs }, async () => {
        entered.resolve()
        await finish.promise
        return { text: 'Goodbye' }
      })
      const client = clientOf(`127.0.0.1:${server.port}`)
      const running = client.greet({ name: 'Ada' })
      await entered.promise

      const stopped = server.stop()
      // New connections are refused from here on, and a grace period that overflowed has ended after a millisecond.
      await expect(clientOf(`127.0.0.1:${server.port}`).greet({ name: 'Bob' })).rejects.toMatchObject({
        code: Status.UNAVAILABLE,
      })
      finish.resolve()

      expect(await running).toEqual({ text: 'Goodbye' })
      await stopped
    },
  )

  it('keeps a connection whose age would overflow', async () => {
    const peers: string[] = []
    const server = await start({ connectionAgeMs: 60 * 24 * 60 * 60 * 1_000 }, async (_request, { peer }) => {
      peers.push(peer.address)
      await setTimeout(overflowMs)
      return { text: 'Hello' }
    })
    const client = clientOf(`127.0.0.1:${server.port}`)

    for (let call = 0; call < 5; call++) await client.greet({ name: 'Ada' })

    expect(new Set(peers).size).toBe(1)
  })

  it('closes the connection of a caller that does not read its response', async () => {
    const server = await start({ graceMs: 0, limits: { stalledMs: 600_000 } })
    const session = connect(`http://127.0.0.1:${server.port}`, { settings: { initialWindowSize: 0 } })
    session.on('error', () => {})
    const closed = once(session, 'close')
    const call = session.request({
      ...{ ':method': 'POST', ':path': '/test.Tour/Greet', 'content-type': 'application/grpc', te: 'trailers' },
    })
    call.on('error', () => {})
    call.end(Buffer.alloc(5))
    await once(call, 'response')

    await server.stop()
    await closed

    expect(session.destroyed).toBe(true)
  })

  it('stops once, however often `stop` is called', async () => {
    const server = await start({})

    expect(server.stop()).toBe(server.stop())
    await server.stop()
  })

  async function start(options: Partial<ServerOptions>, greet?: Handlers<typeof TourService>['greet']) {
    const services = [service(TourService, tour(greet && { greet }))]
    const server = await startServer({ address: '127.0.0.1:0', log: silentLog, services, ...options })
    opened.defer(server.stop)
    return server
  }

  function clientOf(address: string) {
    const client = createClient(TourService, { address, descriptors: tourDescriptors('Greet'), waitForReadyMs: 0 })
    opened.defer(client.close)
    return client
  }
})

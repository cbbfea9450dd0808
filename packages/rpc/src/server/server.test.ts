import { once } from 'node:events'
import { createServer } from 'node:net'
import { Server } from '@grpc/grpc-js'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { silentLog } from '../call/log.ts'
import { Status } from '../call/rpc-error.ts'
import { type Handlers, service } from '../call/service.ts'
import { TourService, tour, tourDescriptors } from '../call/tour.fixture.ts'
import { createClient } from '../client/client.ts'
import { addressOf, candidatesOf, listen } from './listen.ts'
import { startServer } from './server.ts'

describe('startServer', () => {
  let opened: AsyncDisposableStack
  beforeEach(() => {
    opened = new AsyncDisposableStack()
  })
  afterEach(() => opened.disposeAsync())

  it.each(['127.0.0.1', '[::1]'])('accepts calls on %s when it listens on all addresses', async (host) => {
    const { port } = await start('[::]:0')
    const client = clientOf(`${host}:${port}`)

    expect(await client.greet({ name: 'Ada' })).toEqual({ text: 'Hello, Ada' })
  })

  it.each(['localhost', '127.0.0.1', '::1', '[::1]', '0:0:0:0:0:0:0:1'])(
    'listens on the host %s, and clients find it there',
    async (host) => {
      const { port } = await start(addressOf(host, 0))
      const client = clientOf(addressOf(host, port))

      expect(await client.greet({ name: 'Ada' })).toEqual({ text: 'Hello, Ada' })
    },
  )

  it.each(['http://inventory', 'inventory:50053', '[inventory]', '[::1]:50053', '::1::', '[::1', 'inventory/'])(
    'has no address on what is no host: %s',
    (host) => {
      expect(() => addressOf(host, 50_053)).toThrow(`"${host}" is no host`)
    },
  )

  it('falls back to the next address where the machine lacks the first', async () => {
    const server = new Server()
    opened.defer(() => server.forceShutdown())

    // 2001:db8::/32 is for documentation (RFC 3849), so no machine has it.
    expect(await listen(server, ['[2001:db8::1]:0', '127.0.0.1:0'])).toBeGreaterThan(0)
    expect(candidatesOf('[::]:50051')).toEqual(['[::]:50051', '0.0.0.0:50051'])
    expect(candidatesOf('127.0.0.1:50051')).toEqual(['127.0.0.1:50051'])
  })

  it('fails with the address when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    opened.defer(() => void other.close())
    const { port } = other.address() as { port: number }

    await expect(start(`127.0.0.1:${port}`)).rejects.toMatchObject({
      message: `cannot listen on 127.0.0.1:${port}: the port is already in use`,
      code: 'EADDRINUSE',
      syscall: 'listen',
    })
  })

  it('lets active calls finish before it stops, and accepts no new ones', async () => {
    const entered = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    const server = await start('127.0.0.1:0', {
      async greet({ name }) {
        entered.resolve()
        await finish.promise
        return { text: `Goodbye, ${name}` }
      },
    })
    const client = clientOf(`127.0.0.1:${server.port}`)
    const second = clientOf(`127.0.0.1:${server.port}`)

    const running = client.greet({ name: 'Ada' })
    await entered.promise
    const stopped = server.stop()
    const refused = second.greet({ name: 'Bob' })
    await expect(refused).rejects.toMatchObject({ code: Status.UNAVAILABLE })
    finish.resolve()

    expect(await running).toEqual({ text: 'Goodbye, Ada' })
    await stopped
  })

  it('fails calls that exceed the grace period with UNAVAILABLE', async () => {
    const entered = Promise.withResolvers<AbortSignal>()
    const server = await start(
      '127.0.0.1:0',
      {
        greet(_request, call) {
          entered.resolve(call.signal)
          return new Promise<never>(() => {})
        },
        async *count() {
          yield { number: 1 }
          await new Promise<never>(() => {})
        },
      },
      10,
    )
    const client = clientOf(`127.0.0.1:${server.port}`)

    const unary = client.greet({ name: 'Ada' })
    const stream = client.count({ to: 2 })[Symbol.asyncIterator]()
    await stream.next()
    const signal = await entered.promise
    const ended = Promise.allSettled([unary, stream.next()])
    await server.stop()

    const unavailable = { status: 'rejected', reason: { code: Status.UNAVAILABLE } }
    expect(await ended).toMatchObject([unavailable, unavailable])
    expect(signal.reason).toMatchObject({ code: Status.UNAVAILABLE })
  })

  it('stops, and closes its clients, at the end of a block that uses them', async () => {
    let address = ''
    let closed: ReturnType<typeof createClient<typeof TourService>> | undefined
    {
      await using server = await startServer({
        address: '127.0.0.1:0',
        log: silentLog,
        services: [service(TourService, tour())],
      })
      address = `127.0.0.1:${server.port}`
      using client = createClient(TourService, { address, descriptors: tourDescriptors() })
      closed = client
      await client.greet({ name: 'Ada' })
    }

    await expect(closed.greet({ name: 'Ada' })).rejects.toMatchObject({ message: 'The client is closed' })
    await expect(clientOf(address).greet({ name: 'Ada' })).rejects.toMatchObject({ code: Status.UNAVAILABLE })
  })

  it('calls the `stop` of the object that a server is spread into when that is disposed', async () => {
    const server = await start('127.0.0.1:0')
    const stopped: string[] = []
    const stop = async () => {
      stopped.push('outer')
    }

    await { ...server, stop }[Symbol.asyncDispose]()

    expect(stopped).toEqual(['outer'])
  })

  async function start(address: string, handlers?: Partial<Handlers<typeof TourService>>, graceMs?: number) {
    const services = [service(TourService, tour(handlers))]
    const server = await startServer({ address, log: silentLog, services, graceMs })
    opened.defer(server.stop)
    return server
  }

  function clientOf(address: string) {
    const client = createClient(TourService, { address, descriptors: tourDescriptors(), waitForReadyMs: 0 })
    opened.defer(client.close)
    return client
  }
})

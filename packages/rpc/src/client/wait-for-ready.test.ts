import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { silentLog } from '../call/log.ts'
import { Status } from '../call/rpc-error.ts'
import { service } from '../call/service.ts'
import { TourService, tour, tourDescriptors } from '../call/tour.fixture.ts'
import { startServer } from '../server/server.ts'
import { createClient } from './client.ts'

const forever = Number.POSITIVE_INFINITY

describe('a client without a connection', () => {
  let opened: AsyncDisposableStack
  beforeEach(() => {
    opened = new AsyncDisposableStack()
  })
  afterEach(() => opened.disposeAsync())

  it('lets calls of every kind wait for the next one', async () => {
    const first = await start('127.0.0.1:0')
    const address = `127.0.0.1:${first.port}`
    const client = clientOf(address)
    await client.greet({ name: 'Ada' })
    await first.stop()

    const unary = client.greet({ name: 'Bob' })
    const stream = Array.fromAsync(client.count({ to: 2 }))
    await start(address)

    expect(await unary).toEqual({ text: 'Hello, Bob' })
    expect(await stream).toEqual([{ number: 1 }, { number: 2 }])
  })

  it('fails calls at once after a while, until there is a connection again', async () => {
    const first = await start('127.0.0.1:0')
    const address = `127.0.0.1:${first.port}`
    await first.stop()
    const client = clientOf(address, 10)

    await expect(client.greet({ name: 'Ada' })).rejects.toMatchObject({ code: Status.UNAVAILABLE })
    await expect(client.greet({ name: 'Ada' }, { deadlineMs: forever })).rejects.toMatchObject({
      code: Status.UNAVAILABLE,
    })
    await start(address)
    while ((await client.greet({ name: 'Ada' }).catch(() => true as const)) === true);
    expect(await client.greet({ name: 'Bob' })).toEqual({ text: 'Hello, Bob' })
  })

  it('fails a waiting call at its deadline', async () => {
    const first = await start('127.0.0.1:0')
    await first.stop()
    const client = clientOf(`127.0.0.1:${first.port}`, forever)

    await expect(client.greet({ name: 'Ada' }, { deadlineMs: 10 })).rejects.toMatchObject({
      code: Status.DEADLINE_EXCEEDED,
    })
  })

  it('fails a waiting call when it is cancelled', async () => {
    const first = await start('127.0.0.1:0')
    await first.stop()
    const client = clientOf(`127.0.0.1:${first.port}`, forever)
    const caller = new AbortController()

    const call = client.greet({ name: 'Ada' }, { signal: caller.signal, deadlineMs: forever })
    caller.abort()

    await expect(call).rejects.toMatchObject({ code: Status.CANCELLED })
  })

  it('fails a waiting call when its client is closed', async () => {
    const first = await start('127.0.0.1:0')
    await first.stop()
    const client = clientOf(`127.0.0.1:${first.port}`, forever)

    const call = client.greet({ name: 'Ada' })
    client.close()

    await expect(call).rejects.toMatchObject({ code: Status.UNAVAILABLE, message: 'The client is closed' })
    await expect(client.greet({ name: 'Bob' })).rejects.toMatchObject({ code: Status.UNAVAILABLE })
  })

  async function start(address: string) {
    const server = await startServer({ address, log: silentLog, services: [service(TourService, tour())] })
    opened.defer(server.stop)
    return server
  }

  function clientOf(address: string, waitForReadyMs?: number) {
    const client = createClient(TourService, { address, descriptors: tourDescriptors(), waitForReadyMs })
    opened.defer(client.close)
    return client
  }
})

import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { createConnection, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { performance } from 'node:perf_hooks'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import Fastify, { type RouteHandlerMethod } from 'fastify'
import { listen } from './listen.ts'

const clients = 64
const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
)
const withIpv6 = hasIpv6 ? it : it.skip
const onLinux = process.platform === 'linux' ? it : it.skip

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('listen', () => {
  onLinux('accepts several connections in each turn of the event loop', async () => {
    const { app, port } = await openShop()
    const turns = countTurns()
    const allConnected = Promise.withResolvers<void>()
    let connected = 0
    app.server.on('connection', () => {
      if (++connected === clients) allConnected.resolve()
    })

    const sockets = Array.from({ length: clients }, () => createConnection(port, '127.0.0.1'))
    opened.defer(() => sockets.forEach((socket) => socket.destroy()))
    await allConnected.promise

    expect(turns()).toBeLessThan(clients / 2)
  })

  it('answers all running requests before it closes, and refuses new connections', async () => {
    const allConnected = Promise.withResolvers<void>()
    const enough = Promise.withResolvers<void>()
    let connected = 0
    const { port, listener } = await openShop(async () => {
      if (++connected === clients) allConnected.resolve()
      await enough.promise
      return 'a page'
    })
    const agent = new Agent({ keepAlive: true })
    opened.defer(() => agent.destroy())
    const statuses = Array.from({ length: clients }, () => statusOf(port, agent))
    await allConnected.promise

    const closed = listener.close()
    const late = createConnection(port, '127.0.0.1')
    enough.resolve()

    expect(new Set(await Promise.all(statuses))).toEqual(new Set([200]))
    expect(await failureOf(late)).toBe('ECONNREFUSED')
    await closed
  })

  it('rejects where the port is in use', async () => {
    const { port } = await openShop()

    await expect(listen(Fastify(), { host: '127.0.0.1', port })).rejects.toMatchObject({
      message: `cannot listen on 127.0.0.1:${port}: the port is already in use`,
      code: 'EADDRINUSE',
      syscall: 'listen',
    })
  })

  it.each([
    // 2001:db8::/32 is for documentation (RFC 3849), so no machine has it.
    ['2001:db8::1', '[2001:db8::1]:0: this machine has no such address'],
    ['a b', 'a b:0: there is no such host'],
  ])('rejects with the reason for %s', async (host, reason) => {
    await expect(listen(Fastify(), { host, port: 0 })).rejects.toThrow(`cannot listen on ${reason}`)
  })

  withIpv6('listens on an IPv6 address, with or without brackets', async () => {
    for (const host of ['::1', '[::1]']) {
      const app = Fastify().get('/page', async () => 'a page')
      const listener = await listen(app, { host, port: 0 })
      opened.defer(() => listener.close())

      expect((await fetch(`http://[::1]:${listener.port}/page`)).status).toBe(200)
    }
  })
})

async function openShop(handler: RouteHandlerMethod = async () => 'a page') {
  const app = Fastify({ forceCloseConnections: 'idle' })
  app.get('/page', handler)
  const listener = await listen(app, { host: '127.0.0.1', port: 0 })
  opened.defer(() => listener.close().catch(() => {}))
  return { app, listener, port: listener.port }
}

/** Counts the turns of the event loop from now on. */
function countTurns(): () => number {
  const turns = () => performance.nodeTiming.uvMetricsInfo.loopCount
  const before = turns()
  return () => turns() - before
}

async function statusOf(port: number, agent: Agent): Promise<number | undefined> {
  const [response] = await once(get({ port, host: '127.0.0.1', path: '/page', agent }), 'response')
  response.resume()
  return response.statusCode
}

async function failureOf(socket: Socket): Promise<string | undefined> {
  const [error] = await once(socket, 'error')
  return error.code
}

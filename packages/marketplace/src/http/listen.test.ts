import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { createConnection, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { afterEach, describe, expect, it } from '@jest/globals'
import Fastify, { type RouteHandlerMethod } from 'fastify'
import { listen } from './listen.ts'

const visitors = 64
const onLinux = process.platform === 'linux' ? it : it.skip

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

describe('the doors of the shop', () => {
  onLinux('let several in at each turn of the event loop', async () => {
    const { app, port } = await openShop()
    const turns = countTurns()
    const allAreIn = Promise.withResolvers<void>()
    let inside = 0
    app.server.on('connection', () => {
      if (++inside === visitors) allAreIn.resolve()
    })

    const sockets = Array.from({ length: visitors }, () => createConnection(port, '127.0.0.1'))
    closers.unshift(() => sockets.forEach((socket) => socket.destroy()))
    await allAreIn.promise

    expect(turns()).toBeLessThan(visitors / 2)
  })

  it('close behind those who are in once all are served, and let nobody else in', async () => {
    const allAreIn = Promise.withResolvers<void>()
    const enough = Promise.withResolvers<void>()
    let inside = 0
    const { port, doors } = await openShop(async () => {
      if (++inside === visitors) allAreIn.resolve()
      await enough.promise
      return 'a page'
    })
    const agent = new Agent({ keepAlive: true })
    closers.unshift(() => agent.destroy())
    const statuses = Array.from({ length: visitors }, () => statusOf(port, agent))
    await allAreIn.promise

    const closed = doors.close()
    const late = createConnection(port, '127.0.0.1')
    enough.resolve()

    expect(new Set(await Promise.all(statuses))).toEqual(new Set([200]))
    expect(await failureOf(late)).toBe('ECONNREFUSED')
    await closed
  })

  it('stay closed where another shop has the port', async () => {
    const { port } = await openShop()

    await expect(listen(Fastify(), { host: '127.0.0.1', port })).rejects.toThrow(
      `EADDRINUSE: address already in use 127.0.0.1:${port}`,
    )
  })
})

async function openShop(handler: RouteHandlerMethod = async () => 'a page') {
  const app = Fastify({ forceCloseConnections: 'idle' })
  app.get('/page', handler)
  const doors = await listen(app, { host: '127.0.0.1', port: 0 })
  closers.push(() => doors.close().catch(() => {}))
  return { app, doors, port: doors.port }
}

/** Begins to count the turns of this process' event loop. */
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

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createConnection, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { queueRequests, type Wait } from './request-queue.ts'
import { turnsEnd } from './turns.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('the request queue', () => {
  it('handles requests for 5 ms in a turn, and the others in the next turns, in their order', async () => {
    const { send, handled } = startQueue({ workMs: () => 2 })
    for (let i = 0; i < 7; i++) send(i)
    const turns = [handled.length]
    for (let i = 0; i < 4; i++) {
      await setImmediate()
      turns.push(handled.length)
    }
    expect(new Set(turns)).toEqual(new Set([3, 6, 7]))
    expect(handled.map(({ nth }) => nth)).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  it('tells how long a request waited, and how many wait behind it', async () => {
    const { send, handled } = startQueue({ workMs: () => 6 })
    for (let i = 0; i < 4; i++) send(i)
    await turnsEnd()
    expect(handled.map(({ wait }) => wait)).toEqual([
      undefined,
      { ms: 0, behind: 2 },
      { ms: 6, behind: 1 },
      { ms: 12, behind: 0 },
    ])
  })

  it('keeps the order when requests come while others wait', async () => {
    const { send, handled } = startQueue({ workMs: () => 6 })
    for (let i = 0; i < 8; i++) {
      send(2 * i)
      send(2 * i + 1)
      await setImmediate()
    }
    await turnsEnd()
    expect(handled.map(({ nth }) => nth)).toEqual(Array.from({ length: 16 }, (_, nth) => nth))
  })

  it('settles the promises of a request before it handles the next', async () => {
    const events: string[] = []
    const { send } = startQueue({
      // Only the first takes more than a turn.
      workMs: (nth) => (nth === 0 ? 6 : 0),
      work: async (nth) => {
        events.push(`${nth} starts`)
        await Promise.resolve()
        events.push(`${nth} ends`)
      },
    })
    for (let i = 0; i < 3; i++) send(i)
    await turnsEnd()
    expect(events.slice(-4)).toEqual(['1 starts', '1 ends', '2 starts', '2 ends'])
  })

  it('keeps 4,000 requests, and tells of any more at once that they should have waited', async () => {
    const { send, handled } = startQueue({ workMs: () => 6 })
    for (let i = 0; i < 4_003; i++) send(i)
    expect(handled.slice(1)).toEqual([
      { nth: 4_001, wait: { ms: Number.POSITIVE_INFINITY, behind: 4_000 } },
      { nth: 4_002, wait: { ms: Number.POSITIVE_INFINITY, behind: 4_000 } },
    ])
  })

  it('drops requests of clients that disconnect while they wait', async () => {
    const { send, handled } = startQueue({ workMs: () => 6 })
    for (let i = 0; i < 4; i++) send(i, { isConnected: i !== 2 })
    await turnsEnd()
    expect(handled.map(({ nth }) => nth)).toEqual([0, 1, 3])
  })

  it('lets a new client in between requests of a thousand others that are never idle', async () => {
    let answered = 0
    const answer = (_request: IncomingMessage, response: ServerResponse) => {
      answered++
      response.end('answer')
    }
    const server = createServer(queueRequests(answer, () => performance.now())).listen({ host: '127.0.0.1', port: 0 })
    await once(server, 'listening')
    opened.defer(() => void server.close())
    const { port } = server.address() as AddressInfo
    const clients = Array.from({ length: busyClients }, () => startClient(port))
    await Promise.all(clients.map(({ answered }) => answered))
    for (const { keepBusy } of clients) keepBusy()
    while (answered < 3 * busyClients) await setImmediate()

    const before = answered
    await startClient(port).answered

    // They get 17 each where all that is ready is answered at once.
    expect(answered - before).toBeLessThan(5 * busyClients)
  })
})

// As many as libuv reads at once, and more.
const busyClients = 1_500

/** Handles requests by doing work for some time of the test's clock. */
function startQueue({ workMs, work }: { workMs: (nth: number) => number; work?: (nth: number) => Promise<void> }) {
  let nowMs = 0
  const handled: { nth: number; wait: Wait | undefined }[] = []
  const numbers = new WeakMap<IncomingMessage, number>()
  const listener = queueRequests(
    (request, _response, wait) => {
      const nth = numbers.get(request) ?? Number.NaN
      handled.push({ nth, wait })
      nowMs += workMs(nth)
      void work?.(nth)
    },
    () => nowMs,
  )
  return {
    handled,
    send(nth: number, { isConnected } = { isConnected: true }) {
      const request = { socket: { destroyed: !isConnected } as Socket } as IncomingMessage
      numbers.set(request, nth)
      listener(request, {} as ServerResponse)
    },
  }
}

/** A client that sends a request, and, when it is kept busy, the next one as soon as that is answered. */
function startClient(port: number) {
  const socket = createConnection({ port, host: '127.0.0.1', noDelay: true })
  opened.defer(() => void socket.destroy())
  const send = () => socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  send()
  return {
    answered: once(socket, 'data'),
    keepBusy() {
      socket.on('data', send)
      send()
    },
  }
}

import { EventEmitter, once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../../src/services.fixture.ts'
import { openShopOver, type TestShop } from '../../src/shop.fixture.ts'

/** A way to hold a connection for as long as possible. */
type Slowness = (socket: Socket) => void

const head = 'Host: books\r\n'
const form = `POST /taste/forget HTTP/1.1\r\n${head}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n`
const everyMs = 500

const slownesses: Record<string, Slowness> = {
  'sends nothing': () => {},
  'never ends its headers': (socket) => drip(socket, `GET / HTTP/1.1\r\n${head}X: ${'x'.repeat(1_000)}`),
  'sends a header from time to time': (socket) => {
    socket.write(`GET / HTTP/1.1\r\n${head}`)
    every(socket, () => socket.write('X: x\r\n'))
  },
  'never ends its form': (socket) => {
    socket.write(form)
    drip(socket, 'x'.repeat(1_000))
  },
  'never begins its form': (socket) => void socket.write(form),
  'sends no second request': (socket) => void socket.write(`GET /healthz HTTP/1.1\r\n${head}\r\n`),
  'begins a second request': (socket) => void socket.write(`GET /healthz HTTP/1.1\r\n${head}\r\nGET /`),
  'does not read': (socket) => {
    socket.pause()
    socket.write(`GET /long HTTP/1.1\r\n${head}\r\n`)
  },
  'reads a little from time to time': (socket) => {
    socket.pause()
    socket.write(`GET /long HTTP/1.1\r\n${head}\r\n`)
    every(socket, () => socket.read(1_024))
  },
  'pipelines many requests and does not read': (socket) => {
    socket.pause()
    socket.write(`GET /long HTTP/1.1\r\n${head}\r\n`.repeat(90))
  },
}

const connections = 500
// By the limits 14 s; the rest is for a slow machine.
const withinMs = 25_000
// More than the buffers between two sockets of one machine hold.
const long = Buffer.alloc(16 * 1024 * 1024, 'x')

const closings = new EventEmitter().setMaxListeners(connections)
let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

it('closes 500 slow connections in time, and serves other clients meanwhile', async () => {
  const { app } = await openShop()
  // Not stored, so that no entity tag of all these bytes is computed for each request.
  app.get('/long', async (_request, reply) => reply.header('cache-control', 'no-store').send(long))
  app.server.on('connection', (socket) => {
    const { remotePort } = socket
    socket.once('close', () => closings.emit(String(remotePort)))
  })
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const kinds = Object.entries(slownesses)

  const slow = Array.from({ length: connections }, (_, index) => hold(Number(port), kinds[index % kinds.length]!))
  const others = visitUntil(Number(port), Promise.all(slow))
  const lasted = await Promise.all(slow)

  const longest = Object.groupBy(
    lasted.toSorted((a, b) => b.ms - a.ms),
    ({ kind }) => kind,
  )
  expect(
    Object.values(longest)
      .flatMap((all) => all?.slice(0, 1) ?? [])
      .filter(({ ms }) => ms > withinMs),
  ).toEqual([])
  const codes = await others
  expect(codes.length).toBeGreaterThan(10)
  expect(new Set(codes)).toEqual(new Set([200]))
})

async function openShop(): Promise<TestShop> {
  const shop = await openShopOver([fakeRecommendations(), fakeInventory(), fakeArticles()])
  opened.defer(shop.close)
  return shop
}

/** The time until the shop closes a slow connection. */
async function hold(port: number, [kind, begin]: [string, Slowness]): Promise<{ kind: string; ms: number }> {
  const socket = createConnection(port, '127.0.0.1').resume()
  // Writing to a closed connection fails.
  socket.on('error', () => {})
  await once(socket, 'connect')
  const begun = performance.now()
  begin(socket)
  // A socket that does not read does not see its end, so the server's side reports it.
  await once(closings, String(socket.localPort))
  socket.destroy()
  return { kind, ms: performance.now() - begun }
}

/** The statuses of requests for one page after the other, on one connection and on new ones, until a promise resolves. */
async function visitUntil(port: number, over: Promise<unknown>): Promise<number[]> {
  const codes: number[] = []
  let isOver = false
  void over.then(() => {
    isOver = true
  })
  for (let visit = 0; !isOver; visit += 1) {
    const path = ['/', '/books/5', '/taste', '/search?q=dune', '/articles/1'][visit % 5]
    const headers = visit % 2 === 0 ? { connection: 'close' } : {}
    codes.push((await fetch(`http://127.0.0.1:${port}${path}`, { headers })).status)
    // A reader looks at a page for a while.
    await pause(100)
  }
  return codes
}

function drip(socket: Socket, text: string): void {
  const letters = Array.from(text)
  every(socket, () => socket.write(letters.shift() ?? ''))
}

function every(socket: Socket, act: () => unknown): void {
  const timer = setInterval(act, everyMs)
  socket.once('close', () => clearInterval(timer))
}

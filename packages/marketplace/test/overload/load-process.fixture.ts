import { createConnection, type Socket } from 'node:net'
import { createResponseReader } from './response-reader.fixture.ts'

/** A load to generate. */
export interface Order {
  port: number
  /** The requests, sent in turn. */
  requests: readonly { path: string; cookie?: string }[]
  durationMs: number
  /** Open loop: visits per second, whether or not earlier ones have ended. Closed loop: the number of concurrent visits. */
  pace: { perSecond: number } | { atATime: number }
  /** The largest number of connections. As many visits wait for one; any further are not made. */
  connections: number
  /** Whether each visit opens a connection of its own, as health checks do. */
  reconnects?: boolean
}

/** The outcome of a visit, when it was due, and the time from then until the response was complete. */
export interface Ended {
  kind: 'served' | 'refused' | 'lost'
  dueMs: number
  tookMs: number
}

/** The outcomes of all visits, as columns. Times are in milliseconds from the start. */
export interface Outcome {
  kinds: Ended['kind'][]
  dueMs: number[]
  tookMs: number[]
}

const responseTimeoutMs = 10_000
const kinds: Readonly<Record<number, Ended['kind']>> = { 200: 'served', 503: 'refused' }

// A process of its own, so that the load on the shop does not slow it down.
process.on('message', (order: Order) => void load(order).then((outcome) => process.send?.(outcome)))
process.on('disconnect', () => process.exit())
process.send?.('ready')

async function load({ port, requests, durationMs, pace, connections, reconnects = false }: Order): Promise<Outcome> {
  const texts = requests.map(({ path, cookie }) => {
    const headers = ['host: localhost', 'accept-encoding: gzip, br']
    if (cookie) headers.push(`cookie: ${cookie}`)
    if (reconnects) headers.push('connection: close')
    return Buffer.from(`GET ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
  })
  const outcome: Outcome = { kinds: [], dueMs: [], tookMs: [] }
  const began = performance.now()
  const elapsedMs = () => performance.now() - began
  const idle: ((dueMs: number) => void)[] = []
  const waiting: number[] = []
  const sockets = new Set<Socket>()
  const asked = new Map<Socket, number>()
  let sent = 0
  let ended = 0
  const over = Promise.withResolvers<void>()

  function end(kind: Ended['kind'], dueMs: number) {
    outcome.kinds.push(kind)
    outcome.dueMs.push(dueMs)
    outcome.tookMs.push(elapsedMs() - dueMs)
    ended++
    if ('atATime' in pace && elapsedMs() < durationMs) come(elapsedMs())
    if (elapsedMs() >= durationMs && ended === sent) over.resolve()
  }

  function come(dueMs: number) {
    if (waiting.length >= connections) return
    sent++
    const send = idle.pop()
    if (send) send(dueMs)
    else if (sockets.size < connections) open(dueMs)
    else waiting.push(dueMs)
  }

  function open(firstDueMs: number) {
    const socket = createConnection({ port, host: '127.0.0.1', noDelay: true })
    sockets.add(socket)
    const read = createResponseReader()
    // Whether the connection was kept after a response, and the next request has no answer yet.
    let isKept = false
    const send = (dueMs: number) => {
      asked.set(socket, dueMs)
      socket.write(texts[sent % texts.length] ?? '')
    }
    const take = () => {
      const dueMs = asked.get(socket)
      asked.delete(socket)
      return dueMs
    }
    socket.on('data', (bytes: Buffer) => {
      const response = read(bytes)
      isKept = response !== undefined
      if (!response) return
      const dueMs = take()
      if (response.isLast) socket.destroy()
      else next(send)
      if (dueMs !== undefined) end(kinds[response.status] ?? 'lost', dueMs)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      const index = idle.indexOf(send)
      if (index >= 0) idle.splice(index, 1)
      const dueMs = take()
      // The shop closes idle connections; a request that is sent at that moment is repeated (RFC 9112, 9.3.1).
      if (dueMs !== undefined && isKept) waiting.unshift(dueMs)
      else if (dueMs !== undefined) end('lost', dueMs)
      const nextDueMs = waiting.shift()
      if (nextDueMs !== undefined) open(nextDueMs)
    })
    send(firstDueMs)
  }

  function next(send: (dueMs: number) => void) {
    const dueMs = waiting.shift()
    if (dueMs === undefined) idle.push(send)
    else send(dueMs)
  }

  if ('atATime' in pace) {
    for (let i = 0; i < pace.atATime; i++) come(0)
  } else {
    let due = 0
    const timer = setInterval(() => {
      const now = Math.min(elapsedMs(), durationMs)
      for (; due < (now / 1_000) * pace.perSecond; due++) come((due / pace.perSecond) * 1_000)
      if (now >= durationMs) clearInterval(timer)
    }, 1)
  }
  const timeout = setTimeout(() => over.resolve(), durationMs + responseTimeoutMs)
  await over.promise
  clearTimeout(timeout)
  for (const dueMs of [...waiting.splice(0), ...asked.values()]) end('lost', dueMs)
  asked.clear()
  for (const socket of sockets) socket.destroy()
  return outcome
}

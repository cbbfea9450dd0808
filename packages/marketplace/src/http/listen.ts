import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { promisify } from 'node:util'
import { addressOf, listenError } from '@books/rpc'
import type { FastifyInstance } from 'fastify'

// Only Linux distributes connections over the sockets that share a port.
const socketCount = process.platform === 'linux' ? 16 : 1
// Connections that one socket queues while the event loop is busy; the kernel drops any more.
const backlog = 1_024
const maxConnections = 4_000

/** Where to listen: a name or an address, an IPv6 address with brackets or without, and a port. */
interface Address {
  host: string
  port: number
}

/** A server that listens. */
export interface Listener {
  port: number
  /** Refuses new connections, and resolves when all requests are answered. */
  close(): Promise<void>
}

/**
 * Listens with several sockets on one port. An event loop accepts one connection a turn from each socket, and a turn of a busy
 * server takes 20 ms: with a single socket, clients and orchestrators would wait for seconds before they could even be
 * rejected. Rejects where the port is in use.
 */
export async function listen(app: FastifyInstance, { host, port }: Address): Promise<Listener> {
  const free = await findFreePort({ host, port })
  const address = { host: nodeHostOf(host), port: free, backlog, reusePort: socketCount > 1 }
  app.server.maxConnections = maxConnections / socketCount
  await app.listen(address)

  const others = Array.from({ length: socketCount - 1 }, () => {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      app.server.emit('connection', socket),
    )
    server.maxConnections = maxConnections / socketCount
    return server.listen(address)
  })
  await Promise.all(others.map((server) => once(server, 'listening')))

  return {
    port: address.port,
    async close() {
      await Promise.all([...others.map(close), app.close()])
    },
  }
}

/**
 * The port, or a free one for 0. Rejects in one line where nothing can listen there. It has to be tried, as sockets that share a
 * port also share it with other processes.
 */
export async function findFreePort({ host, port }: Address): Promise<number> {
  const server = createServer().listen({ host: nodeHostOf(host), port })
  await once(server, 'listening').catch((error: unknown) => {
    throw listenError(error, addressOf(host, port))
  })
  const found = (server.address() as AddressInfo).port
  await close(server)
  return found
}

// Without a name Node listens on `::`, or on `0.0.0.0` where the machine has no IPv6.
function nodeHostOf(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1').replace(/^::$/, '')
}

async function close(server: Server): Promise<void> {
  await promisify((done: (error?: Error) => void) => server.close(done))()
}

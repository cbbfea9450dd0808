import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { promisify } from 'node:util'
import type { FastifyInstance } from 'fastify'

// Only Linux distributes connections over the sockets that share a port.
const socketCount = process.platform === 'linux' ? 16 : 1
// Connections that one socket queues while the event loop is busy; the kernel drops any more.
const backlog = 1_024
const maxConnections = 4_000

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
export async function listen(app: FastifyInstance, { host, port }: { host: string; port: number }): Promise<Listener> {
  const address = { host, port: await findFreePort(host, port), backlog, reusePort: socketCount > 1 }
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

/** The port, or a free one for 0. Rejects where it is in use, as sockets that share a port also share it with other processes. */
async function findFreePort(host: string, port: number): Promise<number> {
  const server = createServer().listen({ host, port })
  await once(server, 'listening')
  const found = (server.address() as AddressInfo).port
  await close(server)
  return found
}

async function close(server: Server): Promise<void> {
  await promisify((done: (error?: Error) => void) => server.close(done))()
}

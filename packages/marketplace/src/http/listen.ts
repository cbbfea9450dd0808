import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { promisify } from 'node:util'
import type { FastifyInstance } from 'fastify'

// Only here can sockets share a port so that each is handed its part of those who come.
const doorCount = process.platform === 'linux' ? 16 : 1
// Connections that wait at each door for a busy shop to take them; past that the system drops them without a word.
const mostWaiting = 1_024
const mostConnections = 4_000

/** The doors of a shop that is open. */
export interface Doors {
  port: number
  /** Lets nobody else in; resolves once those who are in have left. */
  close(): Promise<void>
}

/**
 * Lets visitors in at an address. An event loop takes one connection a turn from each socket that listens, and in a busy
 * shop a turn lasts for a twentieth of a second: with one socket, visitors and orchestrators would wait for seconds
 * before anybody could even turn them away. So several listen on one port. Rejects where the port is taken.
 */
export async function openDoors(app: FastifyInstance, { host, port }: { host: string; port: number }): Promise<Doors> {
  const place = { host, port: await findFree(host, port), backlog: mostWaiting, reusePort: doorCount > 1 }
  app.server.maxConnections = mostConnections / doorCount
  await app.listen(place)

  const others = Array.from({ length: doorCount - 1 }, () => {
    const door = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => app.server.emit('connection', socket))
    door.maxConnections = mostConnections / doorCount
    return door.listen(place)
  })
  await Promise.all(others.map((door) => once(door, 'listening')))

  return {
    port: place.port,
    async close() {
      await Promise.all([...others.map(closed), app.close()])
    },
  }
}

/** The port, or a free one for 0. A port that is to be shared would be shared with another shop, too. */
async function findFree(host: string, port: number): Promise<number> {
  const trial = createServer().listen({ host, port })
  await once(trial, 'listening')
  const found = (trial.address() as AddressInfo).port
  await closed(trial)
  return found
}

async function closed(server: Server): Promise<void> {
  await promisify((done: (error?: Error) => void) => server.close(done))()
}

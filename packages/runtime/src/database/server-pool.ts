import { Client, Pool, type PoolClient } from 'pg'
import type { Log } from '../log.ts'
import { createSemaphore } from '../semaphore.ts'
import type { CallerSignal } from './follow-callers.ts'
import { type Activity, ServerConnection } from './server-connection.ts'
import { timeLimit, untilAborted } from './until-aborted.ts'

/** The connections to a database server. */
export interface ServerPool {
  /** A connection for a caller that waits until the signal aborts. */
  connect(signal?: AbortSignal): Promise<ServerConnection>
  /** Resolves while the connections of this pool are answered; rejects otherwise, within a second. */
  ping(): Promise<void>
  end(): Promise<void>
}

const connections = 10
const connectWithinMs = 5_000
const pingWithinMs = 800
const endWithinMs = 2_000
// With all connections in use, the answers to others tell that the server answers.
const answerWithinMs = 5_000

// What the code relies on, whatever the database or its user say. Poolers such as PgBouncer pass on these parameters of a start.
const sessionSettings = {
  DateStyle: 'ISO',
  TimeZone: 'UTC',
  standard_conforming_strings: 'on',
  default_transaction_isolation: 'read committed',
}

// What the types of pg leave out.
type StartingClient = new (config?: object) => Client & { getStartupConf(): Record<string, string> }

class SessionClient extends (Client as unknown as StartingClient) {
  override getStartupConf() {
    return { ...super.getStartupConf(), ...sessionSettings }
  }
}

/** Creates a pool; it connects when a connection is needed. A connection that does not answer is replaced. */
export function createServerPool(connectionString: string, callerSignal: CallerSignal, log: Log): ServerPool {
  const pool = new Pool({
    connectionString,
    max: connections,
    Client: SessionClient,
    connectionTimeoutMillis: connectWithinMs,
    // Tells a connection whose server is gone, within 10 more seconds.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  })
  // The error has the connection as a property, so it is not logged itself.
  pool.on('error', ({ message }) => log.warn({ reason: message }, 'a database connection broke'))
  // The queue of the pool cannot be left.
  const places = createSemaphore(connections)
  const activity: Activity = { asking: 0, answeredAt: 0 }
  const clients = new Set<PoolClient>()
  const known = new WeakMap<PoolClient, ServerConnection>()
  pool.on('connect', (client) => {
    clients.add(client)
    // One that breaks while it is lent and no statement runs on it; the pool replaces it. Without a listener the process would end.
    client.on('error', () => {})
  })
  pool.on('remove', (client) => clients.delete(client))

  function connectionOf(client: PoolClient): ServerConnection {
    const connection = known.get(client) ?? new ServerConnection(client, callerSignal, activity, places.release)
    known.set(client, connection)
    return connection
  }

  async function connect(signal = callerSignal()): Promise<ServerConnection> {
    await places.acquire(signal)
    const isIdle = pool.idleCount > 0
    const connecting = pool.connect().then(connectionOf)
    connecting.catch(places.release)
    try {
      // An idle connection comes at once, and a race costs more than the rest of this.
      return await (isIdle ? connecting : untilAborted(connecting, signal))
    } catch (error) {
      connecting.then(
        (connection) => connection.release(),
        () => {},
      )
      throw error
    }
  }

  /** Asks the server over one of the connections. */
  async function ask(signal: AbortSignal): Promise<void> {
    const connection = await connect(signal)
    const answered = connection.run('select 1', [], signal).finally(() => connection.release())
    await untilAborted(answered, signal)
  }

  return {
    connect,
    async ping() {
      const late = timeLimit(pingWithinMs)
      try {
        await ask(late)
      } catch (error) {
        if (!late.aborted) throw error
        const isAnswered = activity.asking < connections || Date.now() - activity.answeredAt < answerWithinMs
        if (places.free === 0 && isAnswered) return
        // Where one connection is not answered, those that are as old may not be either: each is tried, and closed if so.
        const others = Array.from({ length: pool.idleCount }, () => ask(timeLimit(pingWithinMs)))
        void Promise.allSettled(others)
        throw error
      }
    },
    async end() {
      if (pool.ending) return
      const timer = setTimeout(() => {
        for (const client of clients) void (client as unknown as Client).end()
      }, endWithinMs)
      await pool.end()
      clearTimeout(timer)
    },
  }
}

import { PostgresDialect, type PostgresPool } from 'kysely'
import type { Log } from '../log.ts'
import { StartError } from '../start-error.ts'
import { databaseErrorOf } from './database-error.ts'
import type { Engine } from './engine.ts'
import type { CallerSignal } from './follow-callers.ts'
import { serverName } from './server-connection.ts'
import { createServerPool, type ServerPool } from './server-pool.ts'
import { timeLimit, untilAborted } from './until-aborted.ts'

const openWithinMs = 5_000

/** Opens a PostgreSQL server. Throws a `StartError` where it does not answer, or its database cannot be used. */
export async function openServer(connectionString: string, callerSignal: CallerSignal, log: Log): Promise<Engine> {
  const pool = createServerPool(connectionString, callerSignal, log)
  try {
    const { encoding, is_read_only } = await findFacts(pool)
    if (encoding !== 'UTF8') throw new Error(`its encoding is ${encoding}, and must be UTF8`)
    if (is_read_only === 'on')
      throw new Error('it is read-only; it must be one that may be written, such as the primary server')
  } catch (error) {
    await pool.end()
    // Without its cause, which may have the address, and the password in it.
    throw new StartError(`cannot open ${serverName}: ${(databaseErrorOf(error, serverName) as Error).message}`)
  }
  // Its connections do all that Kysely asks of them: streams, which need a cursor, are not used.
  return {
    name: serverName,
    dialect: new PostgresDialect({ pool: pool as unknown as PostgresPool }),
    ping: pool.ping,
    release: pool.end,
  }
}

interface Facts {
  encoding?: string
  is_read_only?: string
}

async function findFacts(pool: ServerPool): Promise<Facts> {
  const late = timeLimit(openWithinMs)
  const asked = pool.connect(late).then(async (connection) => {
    try {
      const { rows } = await connection.run<Facts>(
        `select current_setting('server_encoding') as encoding, current_setting('transaction_read_only') as is_read_only`,
        [],
        late,
      )
      return rows[0] ?? {}
    } finally {
      connection.release()
    }
  })
  return untilAborted(asked, late).catch((error) => {
    throw late.aborted ? new Error(`it does not answer within ${openWithinMs / 1_000} s`) : error
  })
}

import type { DatabaseConnection, Dialect, Driver } from 'kysely'
import { databaseErrorOf } from './database-error.ts'
import type { Engine } from './engine.ts'

/** Finds the signal that aborts when the caller of the running code waits no longer; undefined for work without a caller. */
export type CallerSignal = () => AbortSignal | undefined

/**
 * The dialect of an engine, which sends no statement for a caller that waits no longer: what was begun for it is rolled back. Its
 * errors have no values.
 */
export function followCallers(engine: Engine, callerSignal: CallerSignal): Dialect {
  const { dialect } = engine
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => followingDriver(dialect.createDriver(), engine, callerSignal),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  }
}

function followingDriver(driver: Driver, { name, readyForStatement }: Engine, callerSignal: CallerSignal): Driver {
  const seen = new WeakSet<DatabaseConnection>()
  const acquire = driver.acquireConnection.bind(driver)
  const begin = driver.beginTransaction.bind(driver)
  const commit = driver.commitTransaction.bind(driver)
  const rollBack = driver.rollbackTransaction.bind(driver)

  function fail(error: unknown): never {
    throw databaseErrorOf(error, name)
  }
  async function send<Result>(statement: () => Promise<Result>): Promise<Result> {
    await readyForStatement?.()
    callerSignal()?.throwIfAborted()
    return statement().catch(fail)
  }

  driver.acquireConnection = async (options) => {
    const connection = await acquire(options).catch(fail)
    if (seen.has(connection)) return connection
    seen.add(connection)
    const execute = connection.executeQuery.bind(connection)
    connection.executeQuery = (query) => (query.sql === 'rollback' ? execute(query) : send(() => execute<never>(query)))
    return connection
  }
  driver.beginTransaction = (connection, settings) => send(() => begin(connection, settings))
  driver.commitTransaction = (connection) => send(() => commit(connection))
  // Where the connection is lost the server rolls back by itself, and the error that led here says more.
  driver.rollbackTransaction = (connection) => rollBack(connection).catch(() => {})
  return driver
}

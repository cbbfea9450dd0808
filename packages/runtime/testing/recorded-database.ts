import type { CompiledQuery, DatabaseConnection, Dialect, Driver } from 'kysely'
import { type Database, type DatabaseOptions, databaseOn } from '../src/database/database.ts'
import { openEmbedded } from '../src/database/embedded.ts'
import { openServer } from '../src/database/server.ts'
import { silentLog } from './silent-log.ts'

/** A statement, and the connection on which it is sent; `begin` and `commit` are statements, too. */
export interface SentStatement {
  connection: object
  sql: string
  parameters: readonly unknown[]
}

/** Opens a database like `openDatabase`, and tells each statement before it is sent. */
export async function openRecordedDatabase(
  { DATABASE_URL, DATA_DIR }: { DATABASE_URL?: string; DATA_DIR?: string },
  onStatement: (statement: SentStatement) => void,
  options: DatabaseOptions = {},
): Promise<Database> {
  const { callerSignal = () => undefined } = options
  const engine = await (DATABASE_URL
    ? openServer(DATABASE_URL, callerSignal, silentLog)
    : openEmbedded(DATA_DIR, silentLog))
  const dialect = recordingDialect(engine.dialect, onStatement)
  return databaseOn({ ...engine, dialect }, DATABASE_URL !== undefined, silentLog, options)
}

function recordingDialect(dialect: Dialect, onStatement: (statement: SentStatement) => void): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => recordingDriver(dialect.createDriver(), onStatement),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  }
}

const ofTransactions = /^(begin|start transaction|commit|rollback)\b/

function recordingDriver(driver: Driver, onStatement: (statement: SentStatement) => void): Driver {
  const seen = new WeakSet<DatabaseConnection>()
  const acquire = driver.acquireConnection.bind(driver)
  const begin = driver.beginTransaction.bind(driver)
  const commit = driver.commitTransaction.bind(driver)
  const rollBack = driver.rollbackTransaction.bind(driver)
  const tell = (connection: object, sql: string) => onStatement({ connection, sql, parameters: [] })

  driver.acquireConnection = async (options) => {
    const connection = await acquire(options)
    if (seen.has(connection)) return connection
    seen.add(connection)
    const execute = connection.executeQuery.bind(connection)
    connection.executeQuery = <Row>(query: CompiledQuery) => {
      // The driver sends them, or calls the engine for them.
      if (!ofTransactions.test(query.sql)) onStatement({ connection, sql: query.sql, parameters: query.parameters })
      return execute<Row>(query)
    }
    return connection
  }
  driver.beginTransaction = (connection, settings) => {
    tell(connection, 'begin')
    return begin(connection, settings)
  }
  driver.commitTransaction = (connection) => {
    tell(connection, 'commit')
    return commit(connection)
  }
  driver.rollbackTransaction = (connection) => {
    tell(connection, 'rollback')
    return rollBack(connection)
  }
  return driver
}

/** What an error of PostgreSQL names, apart from values. */
interface Names {
  schema?: string
  table?: string
  column?: string
  constraint?: string
}

// Connections that failed, too many of them, and servers that stop, crashed or start.
const unavailableCodes = /^(08|53300|57P0[123])/

/**
 * An error of the database, whose `code` is the SQLSTATE. It has no value of a statement or of a row, so that it may be logged.
 */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  readonly code: string
  /** Which database it is, such as `the database of DATABASE_URL`. */
  readonly database: string
  declare readonly schema?: string
  declare readonly table?: string
  declare readonly column?: string
  declare readonly constraint?: string

  /** Whether the database could not be reached, or went away: whether the statement took effect is then unknown. */
  get isUnavailable(): boolean {
    return unavailableCodes.test(this.code)
  }

  constructor(database: string, code: string, message: string, { schema, table, column, constraint }: Names = {}) {
    super(message)
    this.database = database
    this.code = code
    Object.assign(this, schema && { schema }, table && { table }, column && { column }, constraint && { constraint })
  }
}

/**
 * The same error without values: `detail`, `where` and the parameters are left out, and so is what a data exception (class 22)
 * quotes in its message. Anything but an error of PostgreSQL or of its connection is returned as it is.
 */
export function databaseErrorOf(error: unknown, database: string): unknown {
  if (isFromPostgres(error)) {
    const { code, message } = error
    return new DatabaseError(database, code, code.startsWith('22') ? hideQuoted(message) : message, error)
  }
  return isLostConnection(error) ? new DatabaseError(database, connectionFailure, textOf(error)) : error
}

type PostgresError = Error & Names & { code: string; severity: string }

const connectionFailure = '08006'

function isFromPostgres(error: unknown): error is PostgresError {
  return error instanceof Error && 'severity' in error && 'code' in error && typeof error.code === 'string'
}

// The driver gives such errors no code.
const lost = /^(Connection terminated|Client (was closed|has encountered)|timeout expired)/

function isLostConnection(error: unknown): error is Error {
  return error instanceof Error && ('syscall' in error || lost.test(error.message))
}

// An error about several addresses has no message of its own.
function textOf(error: Error): string {
  return error.message || ((error as NodeJS.ErrnoException).code ?? error.name)
}

// invalid input syntax for type integer: "a value", which may contain quotes of its own; invalid byte sequence for encoding "UTF8": 0xff
function hideQuoted(message: string): string {
  return message.replace(/"[^]*"/, '"…"').replace(/0x[\da-f].*$/s, '…')
}

import { DatabaseError } from './database/database-error.ts'
import { StartError } from './start-error.ts'

// By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html. Other errors of the database are bugs.
const remedies: [code: RegExp, remedy: string][] = [
  [/^42501$/, '; its user must be one that may create schemas, tables and extensions in it'],
  [/^25006$/, '; it must be one that may be written, such as the primary server'],
  [/^3F000$/, '; create this schema'],
  [/^(0A000|58P01)$/, '; install the contrib modules of PostgreSQL on its server'],
  [/^53100$/, '; free some space on its disk'],
  // Connections, authentication, names of databases, resources, limits, an administrator, the system, and damage.
  [/^(08|28|3D|53|54|55P03|57|58|XX00[12])/, ''],
]

/** The problem as one line, where an operator can solve it; undefined for a bug. */
export function findStartProblem(error: unknown): string | undefined {
  if (error instanceof DatabaseError) {
    const [, remedy] = remedies.find(([code]) => code.test(error.code)) ?? []
    return remedy === undefined ? undefined : `cannot use ${error.database}: ${error.message}${remedy}`
  }
  const isExpected = error instanceof StartError || (error instanceof Error && 'syscall' in error)
  return isExpected ? error.message : undefined
}

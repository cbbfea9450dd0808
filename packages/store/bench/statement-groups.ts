import type { SentStatement } from '@books/runtime/testing'

/** A statement with its values. */
export interface Statement {
  sql: string
  parameters: readonly unknown[]
}

/** Statements that belong together: those of a transaction, or a single one. */
export interface Unit {
  isTransaction: boolean
  statements: readonly Statement[]
}

/** Finds the transactions in what was sent; one that was rolled back is left out. */
export function unitsOf(sent: readonly SentStatement[]): Unit[] {
  const units: Unit[] = []
  const open = new Map<object, Statement[]>()
  for (const { connection, sql, parameters } of sent) {
    const transaction = open.get(connection)
    if (sql === 'begin') open.set(connection, [])
    else if (sql === 'commit' || sql === 'rollback') {
      if (sql === 'commit' && transaction?.length) units.push({ isTransaction: true, statements: transaction })
      open.delete(connection)
    } else if (transaction) transaction.push({ sql, parameters })
    else units.push({ isTransaction: false, statements: [{ sql, parameters }] })
  }
  return units
}

// Orders and payments.
const names = /\b([0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}|pay_\w+|evt_\w+)\b/g

/**
 * Groups units by the order whose id, or payment's id, is among their values; a unit without one belongs to the group of the one before
 * it. Units of a group follow each other, and groups may be replayed side by side.
 */
export function groupsOf(units: readonly Unit[]): Unit[][] {
  const groups: Unit[][] = []
  const groupOf = new Map<string, Unit[]>()
  let last: Unit[] = []
  for (const unit of units) {
    const found = [...textOf(unit).matchAll(names)].map(([name]) => name)
    const known = found.find((name) => groupOf.has(name))
    let group = known ? groupOf.get(known)! : last
    if (found.length > 0 && !known) {
      group = []
      groups.push(group)
    }
    for (const name of found) if (!groupOf.has(name)) groupOf.set(name, group)
    group.push(unit)
    last = group
  }
  return groups
}

function textOf({ statements }: Unit): string {
  const values = statements.map(({ parameters }) => parameters)
  return JSON.stringify(values, (_name, value) => (typeof value === 'bigint' ? String(value) : value))
}

import { findCallSignal } from '@books/rpc'
import { type Database, type Log, openDatabase } from '@books/runtime'

/**
 * Opens the database of a process that runs services. A statement that is made for a call ends with it, also a part of a transaction,
 * which is then rolled back.
 */
export function openServiceDatabase(
  settings: { DATABASE_URL?: string; DATA_DIR?: string },
  log: Log,
): Promise<Database> {
  return openDatabase(settings, log, { callerSignal: findCallSignal })
}

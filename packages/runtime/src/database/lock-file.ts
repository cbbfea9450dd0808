import { DatabaseSync } from 'node:sqlite'

/**
 * Creates and locks a file, and returns a function that unlocks it; undefined while another process holds the lock. It is
 * SQLite's lock of an empty database, which the operating system releases when the process ends, in any way.
 */
export function lockFile(path: string): (() => void) | undefined {
  const file = new DatabaseSync(path)
  try {
    file.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    file.close()
    if (isLocked(error)) return undefined
    throw error
  }
  return () => file.close()
}

const sqliteBusy = 5

function isLocked(error: unknown): boolean {
  return (error as { errcode?: number }).errcode === sqliteBusy
}

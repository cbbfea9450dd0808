import { DatabaseSync } from 'node:sqlite'

/**
 * Locks a file that is made for it, and returns what unlocks it; undefined while another process has it. The lock is
 * SQLite's on an empty database: the operating system lifts it when the process ends, however it ends.
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

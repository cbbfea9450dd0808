import { accessSync, constants, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The major version of the embedded PostgreSQL. */
export const postgresVersion = '18'

// What the operating system answers, by the codes of Node.
const problems: Record<string, string> = {
  EACCES: 'this process may not read and write it; change its owner or its rights',
  EPERM: 'this process may not read and write it; change its owner or its rights',
  EROFS: 'its file system is read-only',
  ENOSPC: 'its disk is full; free some space',
  EDQUOT: 'its disk quota is used up; free some space',
  EIO: 'its disk reports errors',
  ENOTDIR: 'it is no folder',
  EEXIST: 'it is no folder',
}

// The embedded engine has numbers of its own, those of WASI, and the lock those of SQLite.
const wasiCodes: Record<number, string> = {
  2: 'EACCES',
  19: 'EDQUOT',
  29: 'EIO',
  51: 'ENOSPC',
  63: 'EPERM',
  69: 'EROFS',
}
const sqliteCodes: Record<number, string> = { 8: 'EROFS', 10: 'EIO', 13: 'ENOSPC', 14: 'EACCES' }

/** Why the embedded database could not be opened in a data folder, and what to do, in one phrase. */
export function describeFolderProblem(error: unknown, folder: string): string {
  const { code = '', errno = 0, errcode = 0 } = error as { code?: string; errno?: number; errcode?: number }
  for (const name of [code, wasiCodes[errno], sqliteCodes[errcode & 0xff], findAccessProblem(folder)]) {
    const problem = problems[name ?? '']
    if (problem) return problem
  }
  const version = findVersion(folder)
  if (version !== undefined && version !== postgresVersion) {
    return `it is of PostgreSQL ${version}, and this is version ${postgresVersion}; move it aside, or use the version of Books that made it`
  }
  return 'its files are damaged; restore a copy of it, or move it aside'
}

// The engine itself does not say why it cannot use a file.
function findAccessProblem(folder: string): string | undefined {
  try {
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      accessSync(join(folder, file), constants.R_OK | constants.W_OK)
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
  return undefined
}

function findVersion(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'postgres', 'PG_VERSION'), 'utf8').trim()
  } catch {
    return undefined
  }
}

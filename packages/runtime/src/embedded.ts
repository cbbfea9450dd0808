import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { type Dialect, PGliteDialect } from 'kysely'
import { lockFile } from './lock-file.ts'
import type { Log } from './log.ts'
import { StartError } from './start-error.ts'

/** Opens the embedded PostgreSQL on a folder that no other process uses, or in memory for `memory://`. */
export async function openEmbedded(dataDir: string, log: Log): Promise<{ dialect: Dialect; release(): void }> {
  if (dataDir === 'memory://') return { dialect: new PGliteDialect({ pglite: await PGlite.create() }), release() {} }

  const release = lock(dataDir)
  log.info({ dataDir: resolve(dataDir) }, 'opening the embedded database')
  try {
    const pglite = await PGlite.create({ dataDir: join(dataDir, 'postgres') })
    return { dialect: new PGliteDialect({ pglite }), release }
  } catch (error) {
    release()
    throw error
  }
}

// Two processes on one folder would corrupt it, and the engine does not look.
function lock(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true })
  const unlock = lockFile(join(dataDir, 'lock'))
  if (!unlock) throw new StartError(`another process uses the data folder ${resolve(dataDir)}; set DATA_DIR to another`)
  return unlock
}

import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { unaccent } from '@electric-sql/pglite/contrib/unaccent'
import { type Dialect, PGliteDialect } from 'kysely'
import { findDatabaseTemplate } from '../database-template/database-template.ts'
import type { Log } from '../log.ts'
import { StartError } from '../start-error.ts'
import { lockFile } from './lock-file.ts'
import { limitWasmMemory } from './wasm-memory-limit.ts'

/** What answers SQL. */
export interface Engine {
  dialect: Dialect
  /** Resolves while it answers. */
  ping(): Promise<void>
  /** Lets go of what it holds besides connections. */
  release(): void | Promise<void>
}

// What a server has at hand, too: a migration says `create extension` where it needs one.
const extensions = { pg_trgm, unaccent }
const usualFolder = '.data'
const inMemory = 'memory://'

/**
 * Opens the embedded PostgreSQL on a folder that no other process uses, or in memory for `memory://`. Without a folder
 * it is the usual one, or memory where nothing can be written there.
 */
export async function openEmbedded(folder: string | undefined, log: Log): Promise<Engine> {
  const dataDir = folder ?? usualOrMemory(log)
  limitWasmMemory()
  if (dataDir === inMemory) return engineOf(await createInMemory(), () => {})

  const release = lock(dataDir)
  log.info({ dataDir: resolve(dataDir) }, 'opening the embedded database')
  try {
    return engineOf(await createIn(join(dataDir, 'postgres')), release)
  } catch (error) {
    release()
    throw error
  }
}

/** Starts a new and empty PostgreSQL that keeps nothing. */
export function createInMemory(): Promise<PGlite> {
  return createNew(inMemory)
}

/** Opens a folder, or sets it up. A process that ends meanwhile leaves half a database: the next one begins again. */
async function createIn(dataDir: string): Promise<PGlite> {
  const unfinished = `${dataDir}.unfinished`
  if (existsSync(unfinished)) rmSync(dataDir, { recursive: true, force: true })
  if (existsSync(join(dataDir, 'PG_VERSION'))) return PGlite.create({ dataDir, extensions })

  writeFileSync(unfinished, '')
  const pglite = await createNew(dataDir)
  rmSync(unfinished)
  return pglite
}

async function createNew(dataDir: string): Promise<PGlite> {
  const blank = await findDatabaseTemplate()
  return PGlite.create({ dataDir, extensions, ...(blank && { loadDataDir: blank }) })
}

/** What answers SQL, over an embedded PostgreSQL. `release` is called once that is closed. */
export function engineOf(pglite: PGlite, release: () => void | Promise<void>): Engine {
  return {
    dialect: new PGliteDialect({ pglite }),
    // It lives in this process: a query would only queue behind those that run.
    async ping() {
      if (pglite.closed) throw new Error('the embedded database is closed')
    },
    async release() {
      // Kysely closes only an engine that it has used.
      if (!pglite.closed) await pglite.close()
      await release()
    },
  }
}

function usualOrMemory(log: Log): string {
  try {
    mkdirSync(usualFolder, { recursive: true })
    accessSync(usualFolder, constants.W_OK)
    return usualFolder
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    log.warn(
      { dataDir: resolve(usualFolder), code },
      'the data folder cannot be written: the database is in memory, and lost at the end',
    )
    return inMemory
  }
}

// Two processes on one folder would corrupt it, and the engine does not look.
function lock(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true })
  const unlock = lockFile(join(dataDir, 'lock'))
  if (!unlock) throw new StartError(`another process uses the data folder ${resolve(dataDir)}; set DATA_DIR to another`)
  return unlock
}

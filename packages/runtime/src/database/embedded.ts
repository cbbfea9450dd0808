import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { unaccent } from '@electric-sql/pglite/contrib/unaccent'
import { PGliteDialect } from 'kysely'
import { findDatabaseTemplate } from '../database-template/database-template.ts'
import type { Log } from '../log.ts'
import { StartError } from '../start-error.ts'
import type { Engine } from './engine.ts'
import { describeFolderProblem } from './folder-problem.ts'
import { lockFile } from './lock-file.ts'
import { createTurnLimit } from './turn-limit.ts'
import { limitWasmMemory } from './wasm-memory-limit.ts'

// As on a server, a migration enables these by `create extension`.
const extensions = { pg_trgm, unaccent }
const defaultFolder = '.data'
const inMemory = 'memory://'
// All of the buffers are written to at a start: the default of 128 MB takes 0.1 s and 100 MB more. Files in memory need hardly any.
const inFolder = { startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=32MB'] }
const inMemoryOnly = { startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=8MB'] }

/**
 * Opens the embedded PostgreSQL on a folder that no other process uses, or in memory for `memory://`. The default is
 * `.data`, or memory where that is not writable.
 */
export async function openEmbedded(folder: string | undefined, log: Log): Promise<Engine> {
  const dataDir = folder ?? defaultOrMemory(log)
  limitWasmMemory()
  if (dataDir === inMemory) return engineOf(await createInMemory(), () => {})

  let release: (() => void) | undefined
  try {
    release = lock(dataDir)
    log.info({ dataDir: resolve(dataDir) }, 'opening the embedded database')
    return engineOf(await createIn(join(dataDir, 'postgres')), release, resolve(dataDir))
  } catch (error) {
    release?.()
    if (error instanceof StartError) throw error
    const problem = describeFolderProblem(error, dataDir)
    throw new StartError(`cannot open the data folder ${resolve(dataDir)} (DATA_DIR): ${problem}`, { cause: error })
  }
}

/** Starts an empty PostgreSQL in memory. */
export function createInMemory(): Promise<PGlite> {
  return createNew(inMemory, inMemoryOnly)
}

/** Opens a folder, or sets it up. A setup that a process did not finish is started over by the next. */
async function createIn(dataDir: string): Promise<PGlite> {
  const unfinished = `${dataDir}.unfinished`
  if (existsSync(unfinished)) rmSync(dataDir, { recursive: true, force: true })
  if (existsSync(join(dataDir, 'PG_VERSION'))) return PGlite.create({ ...inFolder, dataDir, extensions })

  writeFileSync(unfinished, '')
  const pglite = await createNew(dataDir, inFolder)
  rmSync(unfinished)
  return pglite
}

async function createNew(dataDir: string, options: PGliteOptions): Promise<PGlite> {
  const template = await findDatabaseTemplate()
  return PGlite.create({ ...options, dataDir, extensions, ...(template && { loadDataDir: template }) })
}

/** Creates an engine from an embedded PostgreSQL. `release` is called once that is closed. */
export function engineOf(pglite: PGlite, release: () => void | Promise<void>, folder?: string): Engine {
  return {
    name: `the embedded database in ${folder ?? 'memory'}`,
    folder,
    dialect: new PGliteDialect({ pglite }),
    readyForStatement: createTurnLimit(),
    // It runs in this process, where a query would only wait for others.
    async ping() {
      if (pglite.closed) throw new Error('the embedded database is closed')
    },
    async release() {
      // Kysely does not close an engine that it has not used.
      if (!pglite.closed) await pglite.close()
      await release()
    },
  }
}

function defaultOrMemory(log: Log): string {
  try {
    mkdirSync(defaultFolder, { recursive: true })
    accessSync(defaultFolder, constants.W_OK)
    return defaultFolder
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    log.warn(
      { dataDir: resolve(defaultFolder), code },
      'the data folder is not writable: the database is in memory, and lost when the process ends',
    )
    return inMemory
  }
}

// Two processes on one folder corrupt it, and the engine does not check.
function lock(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true })
  const unlock = lockFile(join(dataDir, 'lock'))
  if (!unlock) throw new StartError(`another process uses the data folder ${resolve(dataDir)}; set DATA_DIR to another`)
  return unlock
}

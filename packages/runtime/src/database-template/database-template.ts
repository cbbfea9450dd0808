import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

// Another version of the engine makes one of its own.
const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const version: string = manifest.dependencies['@electric-sql/pglite']

/** Where the archive of a new and empty embedded database lies, once `pnpm --filter @books/runtime gen` has made it. */
export const databaseTemplate = new URL(`../gen/database-template-${version}.tar.gz`, import.meta.url)

/**
 * The data folder of a new and empty embedded database. Whoever begins from it is there four times as soon, and with less
 * than half of the memory at its peak, as setting one up compiles and runs programs of PostgreSQL that are not needed
 * again. Undefined where nobody has made it.
 */
export async function findDatabaseTemplate(archive: URL = databaseTemplate): Promise<File | undefined> {
  try {
    return new File([await readFile(archive)], 'blank-database.tar.gz', { type: 'application/x-gzip' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

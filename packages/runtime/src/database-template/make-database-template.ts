import { mkdir, rename, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'

/** Sets up an empty embedded database, and writes its data folder as an archive. */
export async function makeDatabaseTemplate(archive: URL): Promise<void> {
  const pglite = await PGlite.create()
  const dump = await pglite.dumpDataDir('gzip')
  await pglite.close()

  const file = fileURLToPath(archive)
  await mkdir(new URL('.', archive), { recursive: true })
  // Renamed, so that a process that starts meanwhile never reads a part.
  await writeFile(`${file}.new`, Buffer.from(await dump.arrayBuffer()))
  await rename(`${file}.new`, file)
}

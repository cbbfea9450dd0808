import { randomUUID } from 'node:crypto'
import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { lockFile } from '@books/runtime'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'

/** A model as it is stored. */
export interface StoredModel {
  /** Names the version and where it is stored. */
  name: string
  bytes: Uint8Array
}

/** Stores trained models. */
export interface ModelStore {
  /** The stored models, newest first. */
  listModels(): AsyncIterable<StoredModel>
  /** The name of the newest one. */
  findNewest(): Promise<string | undefined>
  /** The lease on training models for this store; undefined while another process holds it. */
  acquireLease(): Promise<Lease | undefined>
}

/** The exclusive right to train models for one store. */
export interface Lease {
  /** Stores a model as the newest, all of it or nothing, and resolves to its name. Rejects where the lease was lost. */
  save(bytes: Uint8Array): Promise<string>
  release(): Promise<void>
}

const keptVersions = 3
const leaseSeconds = 60

/** Stores the last few models in the service's own tables. A lease expires a minute after its process has died. */
export function createModelTable(tables: Kysely<Tables>): ModelStore {
  const until = sql<Date>`now() + make_interval(secs => ${leaseSeconds})`

  return {
    async *listModels() {
      const versions = await tables.selectFrom('models').select('version').orderBy('version', 'desc').execute()
      for (const { version } of versions) {
        const row = await tables.selectFrom('models').select('bytes').where('version', '=', version).executeTakeFirst()
        if (row) yield { name: nameOf(version), bytes: row.bytes }
      }
    },

    async findNewest() {
      const newest = await tables.selectFrom('models').select('version').orderBy('version', 'desc').executeTakeFirst()
      return newest && nameOf(newest.version)
    },

    async acquireLease() {
      const holder = randomUUID()
      const leased = await tables
        .insertInto('training_claims')
        .values({ place: 'models', holder, until })
        .onConflict((conflict) =>
          conflict.column('place').doUpdateSet({ holder, until }).where('training_claims.until', '<', sql<Date>`now()`),
        )
        .returning('holder')
        .executeTakeFirst()
      if (!leased) return undefined

      const renewing = setInterval(() => {
        const renewed = tables.updateTable('training_claims').set({ until }).where('holder', '=', holder).execute()
        // A renewal that fails is tried again by the next; `save` rejects if the lease was lost meanwhile.
        renewed.catch(() => {})
      }, leaseSeconds * 250)
      renewing.unref()

      return {
        async save(bytes) {
          return await tables.transaction().execute(async (transaction) => {
            const held = await transaction
              .selectFrom('training_claims')
              .select('holder')
              .where('holder', '=', holder)
              .forUpdate()
              .executeTakeFirst()
            if (!held) throw new Error('another process holds the training lease now')
            const { version } = await transaction
              .insertInto('models')
              .values({ bytes })
              .returning('version')
              .executeTakeFirstOrThrow()
            const kept = transaction
              .selectFrom('models')
              .select('version')
              .orderBy('version', 'desc')
              .limit(keptVersions)
            await transaction.deleteFrom('models').where('version', 'not in', kept).execute()
            return nameOf(version)
          })
        },
        async release() {
          clearInterval(renewing)
          await tables.deleteFrom('training_claims').where('holder', '=', holder).execute()
        },
      }
    },
  }
}

function nameOf(version: number): string {
  return `model ${version} of the database`
}

/** Stores one model in a file. */
export function createModelFile(path: string): ModelStore {
  async function findNewest() {
    const found = await orMissing(stat(path))
    return found && `${path} of ${found.mtime.toISOString()}`
  }

  return {
    async *listModels() {
      const name = await findNewest()
      const bytes = name && (await orMissing(readFile(path)))
      if (bytes) yield { name, bytes }
    },

    findNewest,

    async acquireLease() {
      const unlock = lockFile(`${path}.lock`)
      return (
        unlock && {
          // A reader of the file sees the old model or the new one, never a part.
          async save(bytes) {
            await writeFile(`${path}.new`, bytes, { flush: true })
            await rename(`${path}.new`, path)
            return (await findNewest()) ?? path
          },
          release: async () => unlock(),
        }
      )
    },
  }
}

async function orMissing<Found>(found: Promise<Found>): Promise<Found | undefined> {
  return found.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

import { randomUUID } from 'node:crypto'
import { type Kysely, sql, type Transaction } from 'kysely'
import { sharedBytes } from '../shared-arrays.ts'
import type { Tables } from '../tables.ts'
import type { ModelStore } from './model-store.ts'

const keptModels = 3
// A process that reads the one before meanwhile finishes.
const keptSnapshots = 2
const leaseSeconds = 60
// A larger part would take the driver longer than a request may wait.
const partBytes = 2 ** 20

type File = Tables['file_parts']['file']

/**
 * Stores the last few models in the service's own tables, in parts, for the processes of a database server. A lease expires a
 * minute after its process has died.
 */
export function createModelTable(tables: Kysely<Tables>): ModelStore {
  const until = sql<Date>`now() + make_interval(secs => ${leaseSeconds})`

  async function listVersions(file: File): Promise<number[]> {
    const rows = await tables
      .selectFrom('file_parts')
      .select('version')
      .where('file', '=', file)
      .where('part', '=', 0)
      .orderBy('version', 'desc')
      .execute()
    return rows.map(({ version }) => version)
  }

  async function sizeOf(file: File, version: number): Promise<number> {
    const { size } = await tables
      .selectFrom('file_parts')
      .select(sql<number | string | null>`sum(length(bytes))`.as('size'))
      .where('file', '=', file)
      .where('version', '=', version)
      .executeTakeFirstOrThrow()
    return Number(size)
  }

  async function* readParts(file: File, version: number): AsyncGenerator<Uint8Array> {
    for (let part = 0; ; part++) {
      const row = await tables
        .selectFrom('file_parts')
        .select('bytes')
        .where('file', '=', file)
        .where('version', '=', version)
        .where('part', '=', part)
        .executeTakeFirst()
      if (!row) return
      yield row.bytes
    }
  }

  async function readWhole(file: File, version: number): Promise<Uint8Array> {
    const whole = sharedBytes(await sizeOf(file, version))
    let at = 0
    for await (const part of readParts(file, version)) {
      whole.set(part.subarray(0, whole.length - at), at)
      at += part.length
    }
    return whole
  }

  return {
    // All processes start from the one that a training stores.
    snapshotEveryMs: undefined,

    async *listModels() {
      for (const version of await listVersions('model')) {
        yield { name: nameOf('model', version), bytes: await readWhole('model', version) }
      }
    },

    async findNewest() {
      const [newest] = await listVersions('model')
      return newest === undefined ? undefined : nameOf('model', newest)
    },

    async findSnapshot() {
      const [version] = await listVersions('snapshot')
      if (version === undefined) return undefined
      const size = await sizeOf('snapshot', version)
      return { name: nameOf('snapshot', version), size, pieces: readParts('snapshot', version) }
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

      function store(file: File, pieces: Iterable<Uint8Array>, keptVersions: number): Promise<number> {
        return tables.transaction().execute(async (transaction) => {
          await requireLease(transaction, holder)
          const { version } = await transaction
            .insertInto('models')
            .values({ bytes: new Uint8Array(0) })
            .returning('version')
            .executeTakeFirstOrThrow()
          let part = 0
          for (const bytes of partsOf(pieces)) {
            await transaction.insertInto('file_parts').values({ file, version, part: part++, bytes }).execute()
          }
          await removeOld(transaction, file, keptVersions)
          return version
        })
      }

      return {
        save: async (bytes) => nameOf('model', await store('model', [bytes], keptModels)),
        async saveSnapshot(pieces) {
          await store('snapshot', pieces, keptSnapshots)
        },
        async release() {
          clearInterval(renewing)
          await tables.deleteFrom('training_claims').where('holder', '=', holder).execute()
        },
      }
    },
  }
}

async function requireLease(transaction: Transaction<Tables>, holder: string): Promise<void> {
  const held = await transaction
    .selectFrom('training_claims')
    .select('holder')
    .where('holder', '=', holder)
    .forUpdate()
    .executeTakeFirst()
  if (!held) throw new Error('another process holds the training lease now')
}

async function removeOld(transaction: Transaction<Tables>, file: File, keptVersions: number): Promise<void> {
  const kept = transaction
    .selectFrom('file_parts')
    .select('version')
    .where('file', '=', file)
    .where('part', '=', 0)
    .orderBy('version', 'desc')
    .limit(keptVersions)
  await transaction.deleteFrom('file_parts').where('file', '=', file).where('version', 'not in', kept).execute()
  const used = transaction.selectFrom('file_parts').select('version').where('part', '=', 0)
  await transaction.deleteFrom('models').where('version', 'not in', used).execute()
}

function* partsOf(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const piece of pieces) {
    for (let from = 0; from < piece.length; from += partBytes) yield piece.subarray(from, from + partBytes)
  }
}

function nameOf(file: File, version: number): string {
  return `${file} ${version} of the database`
}

import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'
import type { Interaction, Kind } from './taste.ts'

/** What readers did, as the database keeps it. */
export interface InteractionStore {
  /** Keeps those that are not kept yet, all or none, and tells which those were. Once it resolves they are safe. */
  record(interactions: readonly Interaction[]): Promise<Interaction[]>
  /** Everything recorded after a place, which counts up in the order of recording; by default, everything. */
  listInteractions(after?: number): AsyncIterable<Interaction & { place: number }>
  isEmpty(): Promise<boolean>
  /** Forgets the simulated readers: they only stand in for real ones. */
  removeSimulated(): Promise<void>
}

/** What the ids of simulated interactions begin with. */
export const simulatedPrefix = 'simulated-'

const pageSize = 10_000
// A statement takes 65,535 values at most, and a row has six.
const rowsInStatement = 5_000

/** Keeps interactions in the service's own tables. */
export function createInteractionStore(tables: Kysely<Tables>): InteractionStore {
  return {
    async record(interactions) {
      const distinct = firstOfEachId(interactions)
      const taken = new Set<string>()
      await inTransaction(tables, async (transaction) => {
        for (let start = 0; start < distinct.length; start += rowsInStatement) {
          const rows = await transaction
            .insertInto('interactions')
            .values(distinct.slice(start, start + rowsInStatement).map(toRow))
            .onConflict((conflict) => conflict.column('id').doNothing())
            .returning('id')
            .execute()
          for (const { id } of rows) taken.add(id)
        }
      })
      return distinct.filter(({ id }) => taken.has(id))
    },

    async *listInteractions(after = 0) {
      for (let last = after; ; ) {
        const rows = await tables
          .selectFrom('interactions')
          .selectAll()
          .where('place', '>', last)
          .orderBy('place')
          .limit(pageSize)
          .execute()
        yield* rows.map(fromRow)
        if (rows.length < pageSize) return
        last = rows.at(-1)?.place ?? last
      }
    },

    async removeSimulated() {
      await tables.deleteFrom('interactions').where('id', 'like', `${simulatedPrefix}%`).execute()
    },

    async isEmpty() {
      const first = await tables.selectFrom('interactions').select('id').limit(1).executeTakeFirst()
      return first === undefined
    },
  }
}

/** The interactions in their order, of several with one id the first. */
export function firstOfEachId(interactions: readonly Interaction[]): Interaction[] {
  const seen = new Set<string>()
  return interactions.filter(({ id }) => !seen.has(id) && seen.add(id))
}

// An import records in a transaction of its own already.
function inTransaction(tables: Kysely<Tables>, work: (transaction: Kysely<Tables>) => Promise<void>): Promise<void> {
  return tables.isTransaction ? work(tables) : tables.transaction().execute(work)
}

interface Row {
  id: string
  place: number
  reader_id: number
  book_id: number
  kind: Kind
  rating: number
  time: Date
}

function toRow({ id, readerId, bookId, kind, rating, time }: Interaction): Omit<Row, 'place'> {
  return { id, reader_id: readerId, book_id: bookId, kind, rating, time }
}

function fromRow({ id, place, reader_id: readerId, book_id: bookId, kind, rating, time }: Row) {
  return { id, place, readerId, bookId, kind, rating, time }
}

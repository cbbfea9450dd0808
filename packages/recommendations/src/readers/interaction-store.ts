import { findSettledNumber, markSequenceWriter } from '@books/runtime'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import type { Interaction, Kind } from './interaction.ts'

/** The interactions in the database. */
export interface InteractionStore {
  /** Records those that are new, all or none, and resolves to these once they are durable. */
  record(interactions: readonly Interaction[]): Promise<Interaction[]>
  /** The interactions after a sequence number, in order; all of them by default. */
  listInteractions(after?: number): AsyncIterable<Interaction>
  /** The sequence number up to which later reads see everything: what other processes record now has higher ones. */
  findSettled(): Promise<number>
  /** How many interactions there are after a sequence number, and the last one's: cheaper than to list them. */
  summarize(after: number): Promise<{ count: number; last: number }>
  /** The newest interaction up to a sequence number; undefined where there is none. */
  findLast(upTo: number): Promise<{ place: number; id: string } | undefined>
  isEmpty(): Promise<boolean>
  /** Removes the interactions of simulated readers. */
  removeSimulated(): Promise<void>
}

/** The prefix of the ids of simulated interactions. */
export const simulatedPrefix = 'simulated-'

// The embedded database blocks its process for as long as a statement takes.
const pageSize = 1_000
const sequence = 'recommendations.interactions_place_seq'

/** Stores interactions in the service's own tables. */
export function createInteractionStore(tables: Kysely<Tables>): InteractionStore {
  let isMarked = false

  return {
    async record(interactions) {
      const distinct = firstOfEachId(interactions)
      // Once for a transaction, which would otherwise hold a lock for each of its statements.
      const mark = isMarked ? sql`select` : markSequenceWriter(sequence)
      isMarked = tables.isTransaction
      const { rows } = await sql<{ id: string }>`
        with writer as materialized (${mark})
        insert into recommendations.interactions (id, reader_id, book_id, kind, rating, time)
        select given.* from writer, json_to_recordset(${JSON.stringify(distinct.map(toRow))}::json) as given(
          id text, reader_id integer, book_id integer, kind text, rating integer, time timestamptz
        )
        on conflict (id) do nothing
        returning id
      `.execute(tables)
      const taken = new Set(rows.map(({ id }) => id))
      return distinct.filter(({ id }) => taken.has(id))
    },

    async *listInteractions(after = 0) {
      for (let last = after; ; ) {
        const page = tables
          .selectFrom('interactions')
          .selectAll()
          .where('place', '>', last)
          .orderBy('place')
          .limit(pageSize)
        // As one JSON value a page is read several times faster than row by row.
        const { rows } = await tables
          .selectFrom(page.as('page'))
          .select(sql<PackedRow[] | null>`json_agg(json_build_array(${packedColumns}) order by place)`.as('rows'))
          .executeTakeFirstOrThrow()
        if (!rows) return
        yield* rows.map(unpack)
        if (rows.length < pageSize) return
        last = rows.at(-1)?.[1] ?? last
      }
    },

    findSettled: () => findSettledNumber(tables, sequence),

    async summarize(after) {
      const { count, last } = await tables
        .selectFrom('interactions')
        .select(({ fn }) => [fn.countAll().as('count'), fn.max('place').as('last')])
        .where('place', '>', after)
        .executeTakeFirstOrThrow()
      return { count: Number(count), last }
    },

    findLast: (upTo) =>
      tables
        .selectFrom('interactions')
        .select(['place', 'id'])
        .where('place', '<=', upTo)
        .orderBy('place', 'desc')
        .limit(1)
        .executeTakeFirst(),

    async removeSimulated() {
      await tables.deleteFrom('interactions').where('id', 'like', `${simulatedPrefix}%`).execute()
    },

    async isEmpty() {
      const first = await tables.selectFrom('interactions').select('id').limit(1).executeTakeFirst()
      return first === undefined
    },
  }
}

/** The interactions in their order, without repeated ids. */
export function firstOfEachId(interactions: readonly Interaction[]): Interaction[] {
  const seen = new Set<string>()
  return interactions.filter(({ id }) => !seen.has(id) && seen.add(id))
}

function toRow({ id, readerId, bookId, kind, rating, time }: Interaction) {
  return { id, reader_id: readerId, book_id: bookId, kind, rating, time: time.toISOString() }
}

type PackedRow = [
  id: string,
  sequence: number,
  readerId: number,
  bookId: number,
  kind: Kind,
  rating: number,
  ms: number,
]

const packedColumns = sql.raw('id, place, reader_id, book_id, kind, rating, extract(epoch from time) * 1000')

function unpack([id, _sequence, readerId, bookId, kind, rating, ms]: PackedRow): Interaction {
  return { id, readerId, bookId, kind, rating, time: new Date(ms) }
}

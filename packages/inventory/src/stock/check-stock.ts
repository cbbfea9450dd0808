import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'

/** Rows of the ledger that one statement sums. */
const rowsInStatement = 50_000

interface Sums {
  bookId: number
  free: number
  held: number
  sold: number
  /** What came from outside, less what was lost. */
  received: number
  /** Sold copies that came back. */
  returned: number
}

/**
 * Compares the stock of every book with the sums of the ledger and of the reservations, as they are at one moment: a sentence for
 * each difference, none where all agree. `onProgress` gets the numbers of rows of the ledger.
 */
export function findProblems(
  tables: Kysely<Tables>,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<string[]> {
  return tables
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (transaction) => {
      const ledger = await sumLedger(transaction, onProgress)
      const reserved = await sumReservations(transaction)
      const stock = await transaction.selectFrom('stock').selectAll().execute()
      const stockById = new Map(stock.map((row) => [row.book_id, row]))
      const ids = new Set([...ledger.keys(), ...reserved.keys(), ...stockById.keys()])
      return [...ids]
        .toSorted((one, other) => one - other)
        .flatMap((id) => problemsOf(id, stockById.get(id), ledger.get(id), reserved.get(id)))
    })
}

type Copies = Pick<Sums, 'free' | 'held' | 'sold'>
const noCopies = { free: 0, held: 0, sold: 0 }

function problemsOf(
  bookId: number,
  stock: Copies = noCopies,
  ledger: Sums = { bookId, ...noCopies, received: 0, returned: 0 },
  reserved: { held: number; committed: number } = { held: 0, committed: 0 },
): string[] {
  const { free, held, sold } = stock
  const total = free + held + sold
  const bought = reserved.committed - ledger.returned
  return [
    total !== ledger.received &&
      `${free} free + ${held} held + ${sold} sold = ${total}, and ${ledger.received} were received`,
    ...(['free', 'held', 'sold'] as const).map(
      (name) => stock[name] !== ledger[name] && `${stock[name]} are ${name}, and ${ledger[name]} by the ledger`,
    ),
    held !== reserved.held && `${held} are held, and ${reserved.held} by the reservations`,
    sold !== bought && `${sold} are sold, and ${bought} by the reservations, less those returned`,
  ].flatMap((problem) => (problem ? [`book ${bookId}: ${problem}`] : []))
}

async function sumLedger(tables: Kysely<Tables>, onProgress: (done: number, total: number) => void) {
  const sums = new Map<number, Sums>()
  const { last } = await tables
    .selectFrom('stock_changes')
    .select(({ fn }) => fn.max('id').as('last'))
    .executeTakeFirstOrThrow()
  const total = Number(last ?? 0)
  for (let after = 0; after < total; after += rowsInStatement) {
    const { rows } = await sql<Record<keyof Sums, string | number>>`
      select book_id as "bookId", sum(free) as free, sum(held) as held, sum(sold) as sold,
        coalesce(sum(free) filter (where kind in ('received', 'corrected', 'imported')), 0) as received,
        coalesce(sum(free) filter (where kind = 'returned'), 0) as returned
      from inventory.stock_changes where id > ${after}::bigint and id <= ${after + rowsInStatement}::bigint
      group by book_id
    `.execute(tables)
    for (const row of rows) add(sums, row)
    onProgress(Math.min(after + rowsInStatement, total), total)
  }
  return sums
}

function add(sums: Map<number, Sums>, row: Record<keyof Sums, string | number>): void {
  const bookId = Number(row.bookId)
  const sum = sums.get(bookId) ?? { bookId, ...noCopies, received: 0, returned: 0 }
  for (const name of ['free', 'held', 'sold', 'received', 'returned'] as const) sum[name] += Number(row[name])
  sums.set(bookId, sum)
}

async function sumReservations(tables: Kysely<Tables>) {
  const { rows } = await sql<{ id: number; held: string | number; committed: string | number }>`
    select book_id as id, coalesce(sum(line.copies) filter (where state = 'held'), 0) as held,
      coalesce(sum(line.copies) filter (where state = 'committed'), 0) as committed
    from inventory.reservations, unnest(book_ids, reservations.copies) as line(book_id, copies)
    group by book_id
  `.execute(tables)
  return new Map(rows.map(({ id, held, committed }) => [id, { held: Number(held), committed: Number(committed) }]))
}

import type { PlantedBug } from './planted-bug.ts'

const reservations = 'inventory/src/stock/reservation-store.ts'

/** Faults of the stock. */
export const stockBugs: readonly PlantedBug[] = [
  {
    name: 'check, then reserve',
    replacements: [
      {
        file: reservations,
        find: 'const held = sql`',
        replace: `const lacking = await sql\`
        select line.book_id from unnest(\${ids}, \${copies}) as line(book_id, copies) left join inventory.stock using (book_id)
        where coalesce(free, 0) < copies\`.execute(tables)
      if (lacking.rows.length > 0) return []
      const held = sql\``,
      },
      { file: reservations, find: 'where not exists (', replace: 'where true or not exists (' },
      {
        file: 'inventory/migrations/0003-stock.ts',
        find: "    .addCheckConstraint('free_is_not_negative', sql`free >= 0`)\n",
        replace: '',
      },
    ],
  },
  {
    name: 'release twice',
    replacements: [
      {
        file: reservations,
        find: "set state = 'released' where reservations.state = 'held'",
        replace: "set state = 'released' where reservations.state <> 'committed'",
      },
    ],
  },
  {
    name: 'commit after release',
    replacements: [
      {
        file: reservations,
        find: "set state = 'committed' where order_id = ${orderId} and state = 'held'",
        replace: "set state = 'committed' where order_id = ${orderId} and state <> 'committed'",
      },
    ],
  },
]

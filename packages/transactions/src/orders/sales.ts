import type { Sales } from '@books/proto'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'

/** What was sold in each currency, by the time of confirmation; `to` is exclusive. */
export async function reportSales(tables: Kysely<Tables>, from: Date, to: Date): Promise<Sales[]> {
  const { rows } = await sql<Record<keyof Sales, string | number>>`
    select currency, count(*) as orders, sum(copies) as copies,
      sum(total_cents - refunded_cents) as "revenueCents", sum(refunded_cents) as "refundedCents",
      count(promotion) as "promotionOrders", sum(discount_cents) as "promotionDiscountCents",
      coalesce(sum(total_cents - refunded_cents) filter (where promotion is not null), 0) as "promotionRevenueCents"
    from transactions.orders
    where state = 'confirmed' and final_at >= ${from} and final_at < ${to}
    group by currency order by currency`.execute(tables)
  return rows.map((row) => ({
    currency: String(row.currency),
    orders: Number(row.orders),
    copies: Number(row.copies),
    revenueCents: Number(row.revenueCents),
    refundedCents: Number(row.refundedCents),
    promotionOrders: Number(row.promotionOrders),
    promotionDiscountCents: Number(row.promotionDiscountCents),
    promotionRevenueCents: Number(row.promotionRevenueCents),
  }))
}

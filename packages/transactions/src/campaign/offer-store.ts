import { type Kysely, sql } from 'kysely'
import { customerOf } from '../orders/customer.ts'
import type { Tables } from '../tables.ts'

/** What the job of an offer has. The name and address are asked of accounts when it is mailed. */
export interface OfferPayload {
  readerId: number
}

/** To whom promotions were mailed. */
export interface OfferStore {
  /** Has a promotion mailed to those who have not used it, once each; resolves to how many there are. */
  add(promotion: string, readerIds: readonly number[]): Promise<number>
}

/** Keeps offers in the service's own tables. */
export function createOfferStore(tables: Kysely<Tables>): OfferStore {
  return {
    async add(promotion, readerIds) {
      const given = readerIds.map((readerId) => ({ readerId, customer: customerOf(readerId) }))
      const { rows } = await sql`
        with given as (
          select * from json_to_recordset(${JSON.stringify(given)}::json) as given("readerId" integer, customer text)
        ), added as (
          insert into transactions.offers (promotion, reader_id)
          select ${promotion}::text, "readerId" from given
          where not exists (
            select from transactions.orders
            where orders.customer = given.customer and promotion = ${promotion}::text
              and state <> 'cancelled' and not is_promotion_returned
          )
          on conflict do nothing
          returning id, reader_id
        )
        insert into transactions.outbox (kind, key, payload)
        select 'offer', added.id::text, jsonb_build_object('readerId', added.reader_id) from added
        on conflict do nothing
        returning id`.execute(tables)
      return rows.length
    },
  }
}

import type { ListSubscribersResponse } from '@books/proto'
import { type Kysely, sql } from 'kysely'
import { customerOf } from '../orders/customer.ts'
import type { Tables } from '../tables.ts'

/** What the job of an offer has. */
export interface OfferPayload {
  readerId: number
  email: string
  name: string
}

/** To whom promotions were mailed. */
export interface OfferStore {
  /** Has a promotion mailed to those who have not used it, once each; resolves to how many there are. */
  add(promotion: string, subscribers: readonly ListSubscribersResponse[]): Promise<number>
  /** Removes the mails to readers that are on their way. */
  forget(readerIds: readonly number[]): Promise<void>
}

/** Keeps offers in the service's own tables. */
export function createOfferStore(tables: Kysely<Tables>): OfferStore {
  return {
    async add(promotion, subscribers) {
      const given = subscribers.map(({ readerId, email, name }) => ({
        ...{ readerId, email, name },
        customer: customerOf(readerId),
      }))
      const { rows } = await sql`
        with given as (
          select * from json_to_recordset(${JSON.stringify(given)}::json)
            as given("readerId" integer, customer text, email text, name text)
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
        select 'offer', added.id::text, jsonb_build_object('readerId', "readerId", 'email', email, 'name', name)
        from added join given on given."readerId" = added.reader_id
        on conflict do nothing
        returning id`.execute(tables)
      return rows.length
    },

    async forget(readerIds) {
      await tables
        .deleteFrom('outbox')
        .where('kind', '=', 'offer')
        .where(sql<boolean>`(payload ->> 'readerId')::integer = any(${readerIds}::integer[])`)
        .execute()
    },
  }
}

import type { Kysely } from 'kysely'
import { type ChangeStore, createChangeStore } from './orders/change-store.ts'
import { createFinalOrderStore, type FinalOrderStore } from './orders/final-order-store.ts'
import { createOrderStore, type OrderStore } from './orders/order-store.ts'
import { createPlaceStore, type PlaceStore } from './orders/place-store.ts'
import { createRefundStore, type RefundStore } from './steps/refund-store.ts'
import { createStepStore, type StepStore } from './steps/step-store.ts'
import type { Tables } from './tables.ts'

/** The tables of transactions, and what is done with them. */
export interface Stores {
  tables: Kysely<Tables>
  orders: OrderStore
  placing: PlaceStore
  changes: ChangeStore
  final: FinalOrderStore
  steps: StepStore
  refunds: RefundStore
}

/** What is kept of orders, and `transact`, which does several things or none. */
export interface RootStores extends Stores {
  transact<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result>
}

/** Keeps orders in the service's own tables. */
export function createStores(tables: Kysely<Tables>): RootStores {
  return {
    ...storesOf(tables),
    transact: (work) => tables.transaction().execute((transaction) => work(storesOf(transaction))),
  }
}

function storesOf(tables: Kysely<Tables>): Stores {
  return {
    tables,
    orders: createOrderStore(tables),
    placing: createPlaceStore(tables),
    changes: createChangeStore(tables),
    final: createFinalOrderStore(tables),
    steps: createStepStore(tables),
    refunds: createRefundStore(tables),
  }
}

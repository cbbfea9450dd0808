import type { AccountsServiceService, InventoryServiceService } from '@books/proto'
import type { Client } from '@books/rpc'
import type { OrderChanges } from '../orders/order-changes.ts'
import type { PaymentProvider } from '../payments/payment-provider.ts'
import type { OrderRunner } from '../steps/order-runner.ts'
import type { RootStores } from '../stores.ts'

/** How much may be ordered without paying for it. */
export interface UnpaidLimits {
  ordersOfCustomer: number
  ordersOfNetwork: number
  copiesOfNetwork: number
}

/** What the methods need. */
export interface TransactionsDeps {
  stores: RootStores
  inventory: Pick<Client<typeof InventoryServiceService>, 'getBooks'>
  accounts: Pick<Client<typeof AccountsServiceService>, 'listSubscribers'>
  payments: Pick<PaymentProvider, 'readEvent'>
  runner: Pick<OrderRunner, 'run' | 'wake'>
  orderChanges: OrderChanges
  limits: UnpaidLimits
  /** How long a customer may take to pay. */
  payMs: number
  /** How long a step of a process that died stays its own. */
  leaseMs: number
  now: () => Date
  /** Lets the outbox look for work at once. */
  wakeOutbox(): void
}

import type { TransactionsServiceService } from '@books/proto'
import type { Handlers } from '@books/rpc'
import { createCampaignMethods } from './methods/campaign.ts'
import { createChangeMethods } from './methods/change-orders.ts'
import { createCustomerMethods } from './methods/customers.ts'
import type { TransactionsDeps } from './methods/deps.ts'
import { createFindMethods } from './methods/find-orders.ts'
import { createEventMethods } from './methods/payment-events.ts'
import { createPlaceOrder } from './methods/place-order.ts'
import { createSalesMethods } from './methods/sales-report.ts'

/** Answers the Transactions API. */
export function createTransactions(
  deps: TransactionsDeps & Pick<Handlers<typeof TransactionsServiceService>, 'watchOrders'>,
): Handlers<typeof TransactionsServiceService> {
  return {
    ...createPlaceOrder(deps),
    ...createFindMethods(deps),
    ...createChangeMethods(deps),
    ...createCustomerMethods(deps),
    ...createEventMethods(deps),
    ...createCampaignMethods(deps),
    ...createSalesMethods(deps),
    watchOrders: deps.watchOrders,
  }
}

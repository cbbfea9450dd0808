import type { InventoryServiceService } from '@books/proto'
import { type Client, RpcError } from '@books/rpc'
import type { Order, OrderLine } from '../orders/order.ts'
import { PaymentError, type PaymentProvider } from '../payments/payment-provider.ts'

/** The calls of inventory that move the copies of an order. */
export type Stock = Pick<
  Client<typeof InventoryServiceService>,
  'reserveStock' | 'commitReservation' | 'releaseReservation' | 'adjustStock'
>

/** What a step works with. */
export interface StepContext {
  stock: Stock
  payments: PaymentProvider
  listLines(order: Order): Promise<readonly OrderLine[]>
  listUndone(cartId: string): Promise<string[]>
  now: () => Date
  /** Ends the step: its result does not count any more. */
  signal: AbortSignal
}

/** How long a call of inventory may take, in milliseconds. */
export const callMs = 5_000

/** The provider's id of the order's payment. */
export function requirePayment({ payment_id }: Order): string {
  if (payment_id === null) throw new TypeError('the order has no payment')
  return payment_id
}

/** Why inventory refused, as its contract names it. */
export function reasonOf(error: unknown): string | undefined {
  return error instanceof RpcError ? error.details.errorInfo?.reason : undefined
}

/** What an error of the provider means; undefined for another error. */
export function kindOf(error: unknown): PaymentError['kind'] | undefined {
  return error instanceof PaymentError ? error.kind : undefined
}

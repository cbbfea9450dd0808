import type { TransactionsServiceService } from '@books/proto'
import { type Handlers, notFound, unauthenticated } from '@books/rpc'
import { readOrderId } from '../orders/order-id.ts'
import { PaymentError } from '../payments/payment-provider.ts'
import type { TransactionsDeps } from './deps.ts'

/** Takes events of the payment provider: hints to look a payment up. */
export function createEventMethods({
  stores,
  payments,
  runner,
}: TransactionsDeps): Pick<Handlers<typeof TransactionsServiceService>, 'receivePaymentEvent'> {
  return {
    async receivePaymentEvent({ body, headers }) {
      const event = await payments.readEvent(body, headers).catch((error: unknown) => {
        if (!(error instanceof PaymentError)) throw error
        throw unauthenticated('The event is not signed by the payment provider')
      })
      if (!event) return {}
      const id = readOrderId(event.orderId)
      const isDue = id !== undefined && (await stores.steps.hint(id))
      if (isDue) runner.wake()
      // An order of which nothing is left to do is known, and needs no hint.
      else if (id === undefined || !(await stores.orders.find(id))) throw notFound('The order is not known yet')
      return {}
    },
  }
}

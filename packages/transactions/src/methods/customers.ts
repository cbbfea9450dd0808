import { promotions } from '@books/pricing'
import type { TransactionsServiceService } from '@books/proto'
import { type Handlers, invalidArgument } from '@books/rpc'
import { customerOf } from '../orders/customer.ts'
import type { TransactionsDeps } from './deps.ts'
import { requireCustomer } from './fields.ts'

const mostBooks = 500

/** Tells what customers bought, and which promotions they may still use. */
export function createCustomerMethods({
  stores: { orders },
}: TransactionsDeps): Pick<Handlers<typeof TransactionsServiceService>, 'getPromotions' | 'listBought'> {
  return {
    async getPromotions({ readerId, email }) {
      if (readerId < 0) throw invalidArgument('reader_id', 'must not be negative')
      // A guest whose address is not known yet.
      if (readerId === 0 && email === '') return { promotions: [...promotions] }
      const customer = readerId > 0 ? customerOf(readerId) : requireCustomer(0, email).customer
      const used = await orders.listUsedPromotions(customer)
      return { promotions: promotions.filter((promotion) => !used.includes(promotion)) }
    },

    async listBought({ readerId, bookIds }) {
      if (readerId < 1) throw invalidArgument('reader_id', 'must be positive')
      if (bookIds.length > mostBooks) throw invalidArgument('book_ids', `must be at most ${mostBooks}`)
      return { bookIds: await orders.listBought(readerId, bookIds) }
    },
  }
}

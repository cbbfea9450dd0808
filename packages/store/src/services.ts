import { accounts } from '@books/accounts'
import { articles } from '@books/articles'
import { cart } from '@books/cart'
import { inventory } from '@books/inventory'
import { marketplace } from '@books/marketplace'
import { paymentSandbox } from '@books/payment-sandbox'
import { recommendations } from '@books/recommendations'
import { reviews } from '@books/reviews'
import type { AnyService } from '@books/service'
import { transactions } from '@books/transactions'

/** The services of the store, in the order in which they start: each after those that it depends on. */
export const services: readonly AnyService[] = [
  inventory,
  articles,
  accounts,
  paymentSandbox,
  transactions,
  cart,
  reviews,
  recommendations,
  marketplace,
]

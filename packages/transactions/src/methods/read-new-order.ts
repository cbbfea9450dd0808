import { createHash } from 'node:crypto'
import type { PlaceOrderRequest } from '@books/proto'
import { checkAll, invalidArgument } from '@books/rpc'
import { networkOf } from '@books/runtime'
import type { NewOrder } from '../orders/place-store.ts'
import type { Copies } from '../tables.ts'
import { requireCustomer, requireKey, requireLines, requirePlace, requireText } from './fields.ts'

/** What is to be ordered, as the customer saw it. */
export interface WantedOrder
  extends Pick<
    NewOrder,
    | 'keyHash'
    | 'requestHash'
    | 'cartId'
    | 'readerId'
    | 'customer'
    | 'email'
    | 'name'
    | 'address'
    | 'network'
    | 'returnUrl'
  > {
  lines: Copies[]
  currency: string
  expectedTotalCents: number
}

const mostCopies = 20

/** Reads a request for an order. Throws INVALID_ARGUMENT; of what a customer typed, it names all that is invalid. */
export function readNewOrder(request: PlaceOrderRequest): WantedOrder {
  const { readerId, currency, expectedTotalCents } = request
  const key = requireKey('idempotency_key', request.idempotencyKey, { min: 16 })
  const cartId = requireKey('cart_id', request.cartId)
  const typed = checkAll({
    customer: () => requireCustomer(readerId, request.email),
    name: () => requireText('name', request.name, 100),
    address: () => requirePlace(request.address),
  })
  const { name, address } = typed
  const { customer, email } = typed.customer
  const lines = requireLines(request.lines, { min: 1, maxCopies: mostCopies })
  if (expectedTotalCents < 0) throw invalidArgument('expected_total_cents', 'must not be negative')
  if (!/^[A-Z]{3}$/.test(currency)) throw invalidArgument('currency', 'must be three capital letters, such as EUR')
  const network = networkOf(request.network)
  if (network === undefined) throw invalidArgument('network', 'must be an IPv4 or IPv6 address')

  // Where the order is sent from does not matter: a double click may come from two addresses of one network.
  const what = [cartId, readerId, email, name, address, lines, expectedTotalCents, currency]
  return {
    ...{ keyHash: hashOf(key), requestHash: hashOf(JSON.stringify(what)) },
    ...{
      cartId,
      readerId,
      customer,
      email,
      name,
      address,
      network: network || null,
      lines,
      currency,
      expectedTotalCents,
    },
    returnUrl: requireReturnUrl(request.returnUrl),
  }
}

function requireReturnUrl(text: string): string {
  const url = text.length <= 1_000 ? URL.parse(text) : null
  const isPage = url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '' && url.username === ''
  if (!isPage) throw invalidArgument('return_url', 'must be a page by http or https, without a query')
  return url.href.replace(/\/+$/, '')
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

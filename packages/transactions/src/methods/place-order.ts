import { randomBytes, randomUUID } from 'node:crypto'
import { promotions } from '@books/pricing'
import type { Book, PlaceOrderResponse, TransactionsServiceService } from '@books/proto'
import {
  aborted,
  alreadyExists,
  type Call,
  failedPrecondition,
  type Handlers,
  RpcError,
  resourceExhausted,
  retryAfter,
  unavailable,
} from '@books/rpc'
import { type FrozenLines, freezeLines } from '../orders/freeze-lines.ts'
import { toOrderMessage, type WholeOrder } from '../orders/order.ts'
import { orderIdOf } from '../orders/order-id.ts'
import { isFinal, isUnpaid } from '../orders/order-state.ts'
import type { NewOrder } from '../orders/place-store.ts'
import type { Stores } from '../stores.ts'
import { answerWithin } from './answer-within.ts'
import type { TransactionsDeps } from './deps.ts'
import { readNewOrder, type WantedOrder } from './read-new-order.ts'
import { reason, violatedConstraintOf } from './refusals.ts'

/** Takes orders. */
export function createPlaceOrder(
  deps: TransactionsDeps,
): Pick<Handlers<typeof TransactionsServiceService>, 'placeOrder'> {
  const { stores, inventory, runner, now, payMs, leaseMs } = deps

  /** The order that a request made before; undefined where it made none. */
  async function findPlaced({ keyHash, requestHash }: WantedOrder): Promise<WholeOrder | undefined> {
    const placed = await stores.orders.findByKey(keyHash)
    if (placed && !requestHash.equals(placed.order.request_hash)) {
      throw alreadyExists('Another order was placed under this key')
    }
    return placed
  }

  async function place(wanted: WantedOrder): Promise<{ placed: WholeOrder; isNew: boolean }> {
    const frozen = await freeze(wanted)
    const order: NewOrder = {
      ...wanted,
      id: orderIdOf(randomBytes(10)),
      secret: wanted.readerId > 0 ? null : randomBytes(32).toString('base64url'),
      frozen,
      payUntil: new Date(now().getTime() + payMs),
      ...{ lease: randomUUID(), leaseMs },
    }
    try {
      const placed = await stores.transact((transaction) => add(order, transaction))
      if (placed) return { placed, isNew: true }
    } catch (error) {
      const constraint = violatedConstraintOf(error)
      if (constraint === 'orders_promotion') throw promotionUsed(freezeLines(wanted.lines, frozen.books, []))
      if (constraint !== 'orders_key') throw error
    }
    // The same request, at the same time.
    const placed = await findPlaced(wanted)
    if (!placed) throw unavailable('The order was not placed: try again')
    return { placed, isNew: false }
  }

  /** Undefined where the same request has placed it. */
  async function add(order: NewOrder, { placing }: Stores): Promise<WholeOrder | undefined> {
    await placing.lock(order)
    const open = await placing.findOpenOrderOf(order.cartId)
    if (open && order.keyHash.equals(open.key_hash)) return undefined
    const isReplaced = open && isUnpaid(open.state) && (await placing.replace(open.id, now()))
    if (open && !isReplaced) {
      throw failedPrecondition(
        'The cart has an order that is being paid for',
        reason('ORDER_IN_PROGRESS', { order_id: open.id }),
      )
    }
    await requireBelowLimits(order, placing)
    return placing.add(order, open?.id ?? null, now())
  }

  async function requireBelowLimits(
    { customer, network, frozen }: NewOrder,
    placing: Stores['placing'],
  ): Promise<void> {
    const { ordersOfCustomer, ordersOfNetwork, copiesOfNetwork } = deps.limits
    const ofCustomer = await placing.countUnpaid('customer', customer)
    if (ofCustomer.orders >= ordersOfCustomer) throw tooManyUnpaid(ofCustomer.firstPayUntil, now())
    if (network === null) return
    // Alone, so that paying for other orders would not help.
    if (frozen.copies > copiesOfNetwork) {
      const metadata = { copies: String(copiesOfNetwork) }
      throw failedPrecondition(`An order takes at most ${copiesOfNetwork} copies`, reason('TOO_MANY_COPIES', metadata))
    }
    const ofNetwork = await placing.countUnpaid('network', network)
    if (ofNetwork.orders >= ordersOfNetwork || ofNetwork.copies + frozen.copies > copiesOfNetwork) {
      throw tooManyUnpaid(ofNetwork.firstPayUntil, now())
    }
  }

  /** The lines at today's prices, where these are what the customer was shown. */
  async function freeze({ customer, cartId, lines, currency, expectedTotalCents }: WantedOrder) {
    const [books, used] = await Promise.all([
      listBooks(lines.map(({ bookId }) => bookId)),
      stores.orders.listUsedPromotions(customer, cartId),
    ])
    const gone = lines.filter(({ bookId }) => !books.has(bookId)).map(({ bookId }) => bookId)
    if (gone.length > 0) throw wrongBooks('BOOK_GONE', 'The store does not have some of the books any more', gone)
    const others = [...books.values()].filter((book) => book.currency !== currency).map(({ id }) => id)
    if (others.length > 0)
      throw wrongBooks('OTHER_CURRENCY', 'Some of the books have a price in another currency', others)

    const usable = promotions.filter((promotion) => !used.includes(promotion))
    const frozen = freezeLines(lines, books, usable)
    if (frozen.totalCents === expectedTotalCents) return { ...frozen, books }
    if (freezeLines(lines, books, promotions).totalCents === expectedTotalCents) throw promotionUsed(frozen)
    throw aborted('The total has changed', reason('TOTAL_CHANGED', { total_cents: String(frozen.totalCents) }))
  }

  async function listBooks(ids: number[]): Promise<Map<number, Book>> {
    try {
      const { books } = await inventory.getBooks({ ids })
      return new Map(books.map((book) => [book.id, book]))
    } catch (error) {
      if (error instanceof RpcError) throw unavailable('Prices cannot be read just now')
      throw error
    }
  }

  /** Makes the first steps of a new order, as far as the call has time for them. */
  async function begin({ order, lines }: WholeOrder, call: Call): Promise<WholeOrder> {
    const changed = await answerWithin(call, runner.run(order, lines)).catch(() => undefined)
    return changed ? { order: changed, lines } : ((await stores.orders.find(order.id)) ?? { order, lines })
  }

  return {
    async placeOrder(request, call) {
      const wanted = readNewOrder(request)
      const before = await findPlaced(wanted)
      const { placed, isNew } = before ? { placed: before, isNew: false } : await place(wanted)
      if (isNew) {
        // The order that it replaces has to be undone.
        if (placed.order.replaces) runner.wake()
        return answer(await begin(placed, call))
      }
      if (!isFinal(placed.order.state) && (await stores.steps.hint(placed.order.id))) runner.wake()
      return answer(placed)
    },
  }
}

function answer(whole: WholeOrder): PlaceOrderResponse {
  const { cancel_reason, missing_books, secret } = whole.order
  if (cancel_reason === 'out_of_stock') {
    throw failedPrecondition('Some of the books lack copies', reason('OUT_OF_STOCK', missing_books ?? {}))
  }
  return { order: toOrderMessage(whole), secret: secret ?? '' }
}

function wrongBooks(why: string, message: string, ids: readonly number[]): RpcError {
  return failedPrecondition(message, reason(why, { book_ids: ids.toSorted((a, b) => a - b).join(',') }))
}

function promotionUsed({ totalCents }: Pick<FrozenLines, 'totalCents'>): RpcError {
  const details = reason('PROMOTION_USED', { total_cents: String(totalCents) })
  return aborted('An order of the customer used the promotion', details)
}

function tooManyUnpaid(firstPayUntil: Date | null, now: Date): RpcError {
  const waitMs = Math.max((firstPayUntil?.getTime() ?? 0) - now.getTime(), 1_000)
  return resourceExhausted('Too many orders are not paid', { ...reason('TOO_MANY_UNPAID'), ...retryAfter(waitMs) })
}

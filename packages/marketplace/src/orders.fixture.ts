import { CancelReason, Order, OrderState, PlaceOrderRequest, TransactionsServiceService } from '@books/proto'
import { aborted, alreadyExists, failedPrecondition, type Handlers, notFound } from '@books/rpc'
import { fakeService } from '@books/rpc/testing'
import { books } from './services.fixture.ts'

/** Where the fake provider takes payments. */
export const payUrl = 'http://localhost:5001/pay/1'

/** The secret of the links of all orders of guests. */
export const orderSecret = 'secret-of-an-order'

type Service = Handlers<typeof TransactionsServiceService>

/** Orders in memory. Each book costs 12.99 euros, and the cheapest of three is free. */
export function createFakeOrders() {
  const orders = new Map<string, Order>()
  const placed = new Map<string, { request: string; id: string }>()
  /** Every request to place an order. */
  const requests: PlaceOrderRequest[] = []
  const find = (id: string) => orders.get(id) ?? notFoundOrder()

  function findOwn({ orderId, owner }: { orderId: string; owner?: { readerId: number; secret: string } | undefined }) {
    const order = find(orderId)
    const isOwn = order.readerId > 0 ? owner?.readerId === order.readerId : owner?.secret === orderSecret
    return isOwn ? order : notFoundOrder()
  }

  function place(request: PlaceOrderRequest): Order {
    requests.push(request)
    const { network: _network, returnUrl: _returnUrl, ...compared } = request
    const text = JSON.stringify(compared)
    const earlier = placed.get(request.idempotencyKey)
    if (earlier && earlier.request !== text) throw alreadyExists('Another request was made under this key')
    if (earlier) return find(earlier.id)

    const total = totalOf(request)
    if (request.expectedTotalCents !== total) throw totalChanged(total)
    const before = [...orders.values()].find(({ cartId, state }) => cartId === request.cartId && !isFinal(state))
    if (before && before.state !== OrderState.ORDER_STATE_RESERVED) throw inProgress(before.id)
    if (before) change(before.id, cancelled(CancelReason.CANCEL_REASON_REPLACED))
    const id = `AAAAA-0000${orders.size + 1}`
    orders.set(id, orderOf(id, request, total))
    placed.set(request.idempotencyKey, { request: text, id })
    return find(id)
  }

  /** Changes an order, as the service does by itself. */
  function change(id: string, fields: Partial<Order>): void {
    orders.set(id, { ...find(id), ...fields })
  }

  const handlers = {
    async placeOrder(request) {
      const order = place(request)
      return { order, secret: order.readerId > 0 ? '' : orderSecret }
    },
    async *watchOrder(request) {
      yield { order: findOwn(request) }
    },
    async cancelOrder(request) {
      const { id, state } = findOwn(request)
      if (state !== OrderState.ORDER_STATE_RESERVED) throw failedPrecondition('Too late', reason('TOO_LATE'))
      change(id, cancelled(CancelReason.CANCEL_REASON_CUSTOMER))
      return { order: find(id) }
    },
    async listOrders({ readerId, pageSize, pageToken }) {
      const own = [...orders.values()].filter((order) => order.readerId === readerId).toReversed()
      const start = Number(pageToken || 0)
      const end = start + pageSize
      return { orders: own.slice(start, end), nextPageToken: end < own.length ? String(end) : '' }
    },
    async getPromotions({ readerId }) {
      const hasUsed = [...orders.values()].some((order) => order.readerId === readerId && order.promotion !== '')
      return { promotions: hasUsed ? [] : ['buy_two_get_one_free_promo'] }
    },
    async receivePaymentEvent() {
      return {}
    },
  } satisfies Partial<Service>

  return {
    orders,
    requests,
    change,
    handlers,
    /** The service, of which some methods may be others. */
    service: (others: Partial<Service> = {}) => fakeService(TransactionsServiceService, { ...handlers, ...others }),
  }
}

/** An ErrorInfo of transactions. */
export function reason(name: string, metadata: Record<string, string> = {}) {
  return { errorInfo: { reason: name, domain: 'books.transactions', metadata } }
}

/** What an order is once it is cancelled. */
export function cancelled(cancelReason: CancelReason): Partial<Order> {
  return { state: OrderState.ORDER_STATE_CANCELLED, cancelReason, redirectUrl: '' }
}

/** What an order is once it is paid. */
export const confirmed: Partial<Order> = {
  state: OrderState.ORDER_STATE_CONFIRMED,
  redirectUrl: '',
  finalAt: new Date('2026-11-20T12:01:00Z'),
}

const unitPriceCents = 1_299

function totalOf({ lines }: PlaceOrderRequest): number {
  const copies = lines.reduce((sum, line) => sum + line.copies, 0)
  return (copies - (copies >= 3 ? 1 : 0)) * unitPriceCents
}

/** An order of this id, of one book. */
export function orderOf(
  id: string,
  request = PlaceOrderRequest.fromPartial({ lines: [{ bookId: 5, copies: 1 }] }),
  totalCents = totalOf(request),
): Order {
  const copies = request.lines.reduce((sum, line) => sum + line.copies, 0)
  const discountCents = copies * unitPriceCents - totalCents
  return Order.fromPartial({
    ...{ id, totalCents, discountCents, currency: 'EUR', cartId: request.cartId, readerId: request.readerId },
    ...{ email: request.email, name: request.name, address: request.address },
    subtotalCents: copies * unitPriceCents,
    promotion: discountCents > 0 ? 'buy_two_get_one_free_promo' : '',
    state: OrderState.ORDER_STATE_RESERVED,
    lines: request.lines.map(({ bookId, copies }, index) => {
      const { title = '', author = '' } = books.find((book) => book.id === bookId) ?? {}
      return { bookId, title, author, copies, unitPriceCents, discountCents: index === 0 ? discountCents : 0 }
    }),
    redirectUrl: payUrl,
    placedAt: new Date('2026-11-20T12:00:00Z'),
    payUntil: new Date('2026-11-20T12:30:00Z'),
  })
}

function isFinal(state: OrderState): boolean {
  return state === OrderState.ORDER_STATE_CONFIRMED || state === OrderState.ORDER_STATE_CANCELLED
}

function totalChanged(totalCents: number) {
  return aborted('The total is another one', reason('TOTAL_CHANGED', { total_cents: String(totalCents) }))
}

function inProgress(id: string) {
  return failedPrecondition('The cart has an order', reason('ORDER_IN_PROGRESS', { order_id: id }))
}

function notFoundOrder(): never {
  throw notFound('Order not found')
}

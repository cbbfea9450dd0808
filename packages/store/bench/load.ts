import {
  InventoryServiceService,
  loadDescriptors,
  OrderState,
  StockReason,
  TransactionsServiceService,
} from '@books/proto'
import { createClient } from '@books/rpc'
import { startWebhookReceiver } from '../test/checkout/processes/webhook-receiver.ts'

/** What the process is asked for: to fill the shelves of a shop, or to order so many times, so many at a time. */
export type Question =
  | { kind: 'open'; addresses: Readonly<Record<string, string>> }
  | { kind: 'order'; orders: number; atATime: number }

const descriptors = loadDescriptors()
const copies = 1_000_000
const books = 20

const webhooks = await startWebhookReceiver()
let shop: Awaited<ReturnType<typeof openShop>>
let customers = 0

process.on('message', (question: Question) => {
  void answer(question).then((reply) => process.send?.(reply))
})
process.send?.({ webhookUrl: webhooks.url })

async function answer(question: Question): Promise<object> {
  if (question.kind === 'open') {
    shop = await openShop(question.addresses)
    return {}
  }
  const began = performance.now()
  let left = question.orders
  await Promise.all(
    Array.from({ length: question.atATime }, async () => {
      while (left-- > 0) await order()
    }),
  )
  return { seconds: (performance.now() - began) / 1_000 }
}

/** Fills the shelves, and follows which orders are confirmed. */
async function openShop(addresses: Readonly<Record<string, string>>) {
  const inventory = createClient(InventoryServiceService, { address: addresses['inventory'] ?? '', descriptors })
  const transactions = createClient(TransactionsServiceService, {
    address: addresses['transactions'] ?? '',
    descriptors,
  })
  webhooks.passTo((event) => transactions.receivePaymentEvent(event))
  const answer = await inventory.listBooks({ pageSize: books })
  for (const { id } of answer.books) {
    const reason = StockReason.STOCK_REASON_RECEIVED
    await inventory.adjustStock({ key: `bench ${id}`, bookId: id, delta: copies, reason })
  }
  const waiting = new Map<string, (state: OrderState) => void>()
  const ended = new Map<string, OrderState>()
  const following = (async () => {
    for await (const { orders } of transactions.watchOrders({}, { deadlineMs: 3_600_000 })) {
      for (const { id, state } of orders) {
        ended.set(id, state)
        waiting.get(id)?.(state)
      }
    }
  })()
  // It ends with the shop.
  following.catch(() => {})
  const untilFinal = (id: string) =>
    new Promise<OrderState>((resolve) => {
      const state = ended.get(id)
      if (state === undefined) waiting.set(id, resolve)
      else resolve(state)
    })
  return { transactions, books: answer.books, untilFinal }
}

/** One customer orders two books, and pays them at once. */
async function order(): Promise<void> {
  const { transactions, books, untilFinal } = shop
  const nth = ++customers
  const lines = [books[nth % books.length]!, books[(nth * 7 + 1) % books.length]!]
  const some = lines[0] === lines[1] ? lines.slice(0, 1) : lines
  const { order: placed } = await transactions.placeOrder({
    idempotencyKey: `bench-order-${process.pid}-${nth}`,
    cartId: nth.toString(16).padStart(32, '0'),
    email: `customer.${nth}@books.example`,
    name: 'A customer of the bench',
    address: { street: 'Hauptstraße 1', postalCode: '10115', city: 'Berlin', country: 'DE' },
    lines: some.map(({ id }) => ({ bookId: id, copies: 1 })),
    expectedTotalCents: some.reduce((sum, { priceCents }) => sum + priceCents, 0),
    currency: some[0]!.currency,
    returnUrl: 'http://localhost:5000/orders',
    network: `10.${(nth >> 16) & 255}.${(nth >> 8) & 255}.${nth & 255}`,
  })
  if (!placed?.redirectUrl) throw new Error(`the order ${placed?.id} cannot be paid`)
  const body = new URLSearchParams({ outcome: 'pay' })
  await fetch(placed.redirectUrl, { method: 'POST', body, redirect: 'manual' }).then((response) =>
    response.arrayBuffer(),
  )
  const state = await untilFinal(placed.id)
  if (state !== OrderState.ORDER_STATE_CONFIRMED) throw new Error(`the order ${placed.id} ended as ${state}`)
}

import type { Invariant } from './invariant.ts'

/** There is one receipt exactly where an order is confirmed. */
export const oneReceiptWhereConfirmed: Invariant = ({ tables }) => {
  const written = Map.groupBy(tables.receipts, ({ orderId }) => orderId)
  const states = new Map<string, string>(tables.orders.map(({ id, state }) => [id, state]))

  return [...new Set([...states.keys(), ...written.keys()])].flatMap((id) => {
    const state = states.get(id) ?? 'no order'
    const receipts = written.get(id)?.length ?? 0
    return receipts === (state === 'confirmed' ? 1 : 0) ? [] : [`${id} is ${state}, and has ${receipts} receipts`]
  })
}

/** Receipts were sent, and one arrived exactly where an order is confirmed. */
export const receiptsArrive: Invariant = ({ history, tables }) => {
  const arrived = Map.groupBy(history.receipts, ({ orderId }) => orderId)
  const states = new Map<string, string>(tables.orders.map(({ id, state }) => [id, state]))
  const unsent = tables.receipts.filter(({ state }) => state !== 'done')

  return [
    ...unsent.map(({ orderId, state }) => `the receipt of ${orderId} is ${state}`),
    ...[...new Set([...states.keys(), ...arrived.keys()])].flatMap((id) => {
      const state = states.get(id) ?? 'no order'
      const messages = new Set(arrived.get(id)?.map(({ messageId }) => messageId)).size
      return messages === (state === 'confirmed' ? 1 : 0) ? [] : [`${id} is ${state}, and ${messages} receipts arrived`]
    }),
  ]
}

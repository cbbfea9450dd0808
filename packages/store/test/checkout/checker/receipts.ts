import type { Invariant } from './invariant.ts'

/** There is one receipt exactly where an order is confirmed, and it arrived. */
export const oneReceiptWhereConfirmed: Invariant = ({ history, tables }) => {
  const rows = Map.groupBy(tables.receipts, ({ orderId }) => orderId)
  const arrived = Map.groupBy(history.receipts, ({ orderId }) => orderId)
  const states = new Map<string, string>(tables.orders.map(({ id, state }) => [id, state]))
  const ids = new Set([...states.keys(), ...rows.keys(), ...arrived.keys()])

  return [...ids].flatMap((id) => {
    const state = states.get(id) ?? 'no order'
    const written = rows.get(id) ?? []
    const messages = new Set(arrived.get(id)?.map(({ messageId }) => messageId)).size
    const expected = state === 'confirmed' ? 1 : 0
    const unsent = written.filter((row) => row.state !== 'done')
    return [
      ...(written.length === expected ? [] : [`${id} is ${state}, and has ${written.length} receipts`]),
      ...(messages === expected ? [] : [`${id} is ${state}, and ${messages} receipts arrived`]),
      ...unsent.map((row) => `the receipt of ${id} is ${row.state}`),
    ]
  })
}

import type { OrderRow } from './tables.ts'

/** Whether an order is final and no step is left. At rest all are, which `ordersBecomeFinal` holds them to. */
export function isSettled({ state, isWorkLeft }: Pick<OrderRow, 'state' | 'isWorkLeft'>): boolean {
  return (state === 'confirmed' || state === 'cancelled') && !isWorkLeft
}

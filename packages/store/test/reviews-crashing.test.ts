import { expect, it } from '@jest/globals'
import { runOrders } from './reviews-crashing/run-orders.ts'

// What a page has for its main content, and for other load of the machine.
const budgetMs = 2_000 + 5_000

it('confirms every order, and answers every page in time, while reviews is killed again and again', async () => {
  const { confirmed, failures, kills, visits } = await runOrders({ orders: 8, visitors: 2 })

  expect(failures).toEqual([])
  expect(new Set(confirmed).size).toBe(8)
  expect(kills).toBeGreaterThan(1)
  expect(visits.filter(({ status }) => status >= 400)).toEqual([])
  expect(visits.filter(({ tookMs }) => tookMs > budgetMs)).toEqual([])
  expect(visits.some(({ fallbacks }) => fallbacks.includes('reviews'))).toBe(true)
})

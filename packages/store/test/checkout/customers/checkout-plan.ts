import type { Line } from '../history/history.ts'
import type { Random } from './random.ts'

/**
 * How an order is placed. `two tabs` place the same cart under two keys at once; `two carts` are of the same customer, who wants the
 * promotion in both; `impatient` breaks calls off and repeats them.
 */
export const placings = {
  once: 40,
  'double click': 18,
  'two tabs': 12,
  'two carts': 10,
  impatient: 14,
  'other request': 6,
}

/** What is chosen on the provider's page. `cancels` goes back to the shop and cancels the order there, `leaves` does nothing. */
export const payings = {
  pays: 41,
  declines: 10,
  confirms: 5,
  'answers late': 3,
  'loses the answer': 8,
  'sends the event twice': 7,
  'sends the event late': 6,
  'sends the event first': 6,
  cancels: 7,
  leaves: 7,
}

/** What happens while an order is paid. `loses the hold`: its copies are released behind its back. */
export const meanwhiles = { nothing: 62, adds: 20, cancels: 10, 'loses the hold': 4, 'pays again': 4 }

/** What happens once an order is confirmed. */
export const afterwards = { nothing: 90, 'gives one back': 5, 'gives all back': 5 }

/** What a customer does in one checkout. */
export interface CheckoutPlan {
  lines: readonly Line[]
  placing: keyof typeof placings
  paying: keyof typeof payings
  meanwhile: keyof typeof meanwhiles
  afterwards: keyof typeof afterwards
}

/** The books of a run. */
export interface Shelves {
  /** Of these there are enough copies. */
  plenty: readonly number[]
  /** Of these there are so few that customers compete for them. */
  scarce: readonly number[]
  /** These are put into carts, and never ordered. */
  unordered: readonly number[]
}

const scarceShare = 0.3

/** Plans a checkout. */
export function planCheckout(random: Random, { plenty, scarce }: Pick<Shelves, 'plenty' | 'scarce'>): CheckoutPlan {
  const placing = random.weighted(placings)
  const books = new Set(Array.from({ length: random.between(1, 3) }, () => random.of(plenty)))
  const lines = [...books].map((bookId) => ({ bookId, copies: random.between(1, 2) }))
  // Three copies are what the promotion takes.
  if (placing === 'two carts') lines[0]!.copies = 3
  if (random.next() < scarceShare) lines.push({ bookId: random.of(scarce), copies: 1 })
  const paying = random.weighted(payings)
  return {
    ...{ lines, placing, paying },
    meanwhile: random.weighted(meanwhiles),
    // The answer to a refund is lost, too.
    afterwards: paying === 'loses the answer' ? 'gives one back' : random.weighted(afterwards),
  }
}

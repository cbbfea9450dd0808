import { type RpcError, retryDelayMsOf, Status } from '@books/rpc'
import { inWords, type Problem } from '../account/problem.ts'

/** Why an order was not placed, and what follows for the form. */
export interface CheckoutProblem extends Problem {
  /** The total that the customer is asked to confirm, where it is another one. */
  totalCents?: number
  /** The copies that there are of books that lack, by their ids: 0 for those that cannot be ordered at all. */
  copiesLeft?: ReadonlyMap<number, number>
  /** The order that is in the way. */
  orderId?: string
  /** Whether it is certain that nothing was ordered under the key, or that something else was: the next attempt has a new one. */
  needsNewKey?: boolean
}

const conflict = 409
const retryWhenAwaySeconds = 10
const nothingOrdered = 'Nothing was ordered.'

/** What an error of transactions means for the checkout. */
export function checkoutProblemOf({ code, details }: RpcError): CheckoutProblem {
  const { reason = '', metadata = {} } = details.errorInfo ?? {}
  const changed = (text: string, others: Partial<CheckoutProblem> = {}): CheckoutProblem => ({
    ...{ status: conflict, violations: {}, needsNewKey: true, text },
    ...others,
  })
  const lacking = (text: string) => changed(text, { copiesLeft: copiesLeftOf(metadata) })

  if (code === Status.INVALID_ARGUMENT) {
    const violations = details.badRequest?.fieldViolations ?? []
    const ofFields = violations.map(({ field, description }) => [field.split('.').at(-1) ?? '', description])
    return { status: 422, violations: Object.fromEntries(ofFields), text: undefined }
  }
  if (code === Status.ALREADY_EXISTS)
    return changed(
      'This form has placed an order already, with other details. If you go on, this order takes its place, unless it is paid.',
    )
  if (reason === 'TOTAL_CHANGED' || reason === 'PROMOTION_USED') {
    const totalCents = Number(metadata['total_cents'])
    const why =
      reason === 'TOTAL_CHANGED'
        ? 'The total has changed.'
        : 'Another order of yours has the free book: the promotion counts once for each customer.'
    const others = Number.isSafeInteger(totalCents) ? { totalCents } : {}
    return changed(`${why} ${nothingOrdered} Please look at the new total, and confirm it.`, others)
  }
  if (reason === 'OUT_OF_STOCK') return lacking(`Other customers were quicker. ${nothingOrdered}`)
  if (reason === 'BOOK_GONE') return lacking(`We do not have all of these books any more. ${nothingOrdered}`)
  if (reason === 'OTHER_CURRENCY') return lacking(`Not all of these books are sold in one currency. ${nothingOrdered}`)
  if (reason === 'TOO_MANY_COPIES')
    return changed(
      `An order takes at most ${metadata['copies']} copies in all. ${nothingOrdered} Please take some out of the cart.`,
    )
  if (reason === 'ORDER_IN_PROGRESS') return changed('', { orderId: metadata['order_id'] ?? '' })
  if (code === Status.RESOURCE_EXHAUSTED) {
    const retryAfterSeconds = Math.max(Math.ceil((retryDelayMsOf(details) ?? 0) / 1_000), 1)
    const text = `There are several orders that are not paid yet. Pay or cancel those first, or try again in ${inWords(retryAfterSeconds)}.`
    return { status: 429, violations: {}, text, retryAfterSeconds }
  }
  return {
    ...{ status: 503, violations: {}, retryAfterSeconds: retryWhenAwaySeconds, away: 'transactions' },
    text: 'We cannot take orders just now, so this has to wait. Your cart is kept. Please try again in a moment: however often you do, it becomes one order.',
  }
}

function copiesLeftOf(metadata: Readonly<Record<string, string>>): Map<number, number> {
  const ids = (metadata['book_ids'] ?? '').split(',').map(Number)
  return new Map(
    ids.filter((id) => Number.isInteger(id) && id > 0).map((id) => [id, Number(metadata[`free_${id}`] ?? 0) || 0]),
  )
}

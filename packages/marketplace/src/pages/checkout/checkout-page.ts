import type { Cart } from '@books/proto'
import { type FormPage, formPage, type Typed } from '../account/form.ts'
import { type AdjustmentEntry, adjustmentEntry, type LineEntry, lineEntry } from '../cart/lines.ts'
import { formatPrice } from '../format.ts'
import { paths } from '../paths.ts'
import { checkoutForm, type Offer } from './checkout-form.ts'
import type { CheckoutProblem } from './checkout-problem.ts'

/** The page of the checkout, as its template takes it. */
export interface CheckoutPage extends FormPage {
  lines: LineEntry[]
  adjustments: AdjustmentEntry[]
  subtotal: string
  total: string
  /** What differs from what was shown before. */
  changes: readonly string[]
  /** The button that changes the cart to what there is; undefined where nothing lacks. */
  fit: { value: string; label: string; lacking: string[] } | undefined
  cartHref: string
  /** For guests. */
  signInHref: string | undefined
}

interface CheckoutContent {
  cart: Cart
  offer: Offer
  typed: Typed
  csrfToken: string
  isGuest: boolean
  changes?: readonly string[]
  problem?: CheckoutProblem | undefined
}

/** Makes the page of the checkout. */
export function checkoutPage(content: CheckoutContent): CheckoutPage {
  const { cart, offer, typed, csrfToken, isGuest, changes = [], problem } = content
  const total = formatPrice(offer.total, offer.currency)
  // Without the promotion the lines cost what they cost together.
  const adjustments = offer.total === cart.subtotalCents ? [] : cart.adjustments
  const page = formPage(checkoutForm(offer, `Pay ${total}`), csrfToken, typed, problem)
  return {
    ...page,
    lines: cart.lines.map((line) => lineEntry(line, cart)),
    adjustments: adjustments.map((adjustment) => adjustmentEntry(adjustment, cart)),
    subtotal: formatPrice(cart.subtotalCents, cart.currency),
    total,
    changes,
    fit: problem?.copiesLeft && fitOf(problem.copiesLeft, cart),
    cartHref: paths.cart,
    signInHref: isGuest ? paths.signIn({ returnTo: paths.checkout }) : undefined,
  }
}

function fitOf(copiesLeft: ReadonlyMap<number, number>, { lines }: Cart): CheckoutPage['fit'] {
  const lacking = lines.filter(({ bookId, copies }) => (copiesLeft.get(bookId) ?? copies) < copies)
  if (lacking.length === 0) return undefined
  const left = ({ bookId }: { bookId: number }) => copiesLeft.get(bookId) ?? 0
  return {
    value: lacking.map((line) => `${line.bookId}x${left(line)}`).join('.'),
    label: lacking.every((line) => left(line) === 0) ? 'Take them out of the cart' : 'Take what there is',
    lacking: lacking.map((line) =>
      left(line) === 0 ? `${line.title} cannot be had any more.` : `Of ${line.title} there ${isLeft(left(line))} left.`,
    ),
  }
}

function isLeft(copies: number): string {
  return copies === 1 ? 'is one copy' : `are ${copies} copies`
}

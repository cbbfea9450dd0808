import type { Book, Cart } from '@books/proto'
import type Handlebars from 'handlebars'
import type { Answer } from '../../backends/backend.ts'
import type { VisitorCart } from '../../carts/visitor-cart.ts'
import { shelfOfCategory } from '../categories.ts'
import { coverOf } from '../cover.ts'
import { formatPrice } from '../format.ts'
import type { Page } from '../pages.ts'
import { paths } from '../paths.ts'
import { type AdjustmentEntry, adjustmentEntry, hintText, type LineEntry, lineEntry } from './lines.ts'

/** The page of a cart, as its template takes it. */
export interface CartPage extends Page {
  lines: CartLineEntry[]
  /** Shown where there are no lines. */
  notice: string | undefined
  adjustments: AdjustmentEntry[]
  hint: string | undefined
  subtotal: string
  total: string
  checkoutHref: string
  /** Why the cart cannot be ordered as it is; undefined where it can. */
  obstacle: string | undefined
  csrfToken: string
  fallback: string | undefined
}

interface CartLineEntry extends LineEntry {
  cover: Handlebars.SafeString
  action: string
  /** For each line, as a partial sees nothing but its own. */
  csrfToken: string
}

interface CartContent {
  found: VisitorCart
  /** Whether the visitor may have a cart of which accounts did not say whose it is. */
  isUnknown: boolean
  /** In the order of the lines. */
  books: readonly Answer<{ book: Book | undefined }>[]
  csrfToken: string
}

/** Makes the page of a cart. */
export function cartPage({ found, isUnknown, books, csrfToken }: CartContent): CartPage {
  const { cart, isAway } = found
  const { lines = [], adjustments = [], subtotalCents = 0, totalCents = 0, currency = '' } = cart ?? {}
  return {
    title: 'Your cart · Books',
    lines: lines.map((line, index) => {
      const category = books[index]?.value?.book?.category
      const shelf = category === undefined ? undefined : shelfOfCategory(category)
      return {
        ...lineEntry(line, cart!),
        cover: coverOf({ title: line.title, author: line.author, category: shelf?.key ?? '' }),
        action: paths.quantity(line.bookId),
        csrfToken,
      }
    }),
    notice: isAway ? awayNotice : isUnknown ? unknownNotice : 'Your cart is empty.',
    adjustments: adjustments.map((adjustment) => adjustmentEntry(adjustment, cart!)),
    hint: cart && hintText(cart),
    subtotal: formatPrice(subtotalCents, currency),
    total: formatPrice(totalCents, currency),
    checkoutHref: paths.checkout,
    obstacle: cart && obstacleOf(cart),
    csrfToken,
    fallback: isAway ? 'cart' : isUnknown && !cart ? 'accounts' : books.find(({ fallback }) => fallback)?.fallback,
  }
}

const awayNotice = 'We cannot look into your cart just now. It is kept. Please look in again in a moment.'
const unknownNotice =
  'We cannot look up your account just now, and so not its cart. It is kept. What you add meanwhile comes to it.'

/** Why a cart with lines cannot be ordered as it is; undefined where it can. */
export function obstacleOf(cart: Cart): string | undefined {
  if (!cart.isPriced)
    return 'We cannot look up prices and stock just now, so nothing can be ordered. Your cart is kept. Please try again in a moment.'
  const isBlocked = cart.lines.some((line) => lineEntry(line, cart).problem !== undefined)
  return isBlocked ? 'Some of these cannot be ordered as they are. Please change the lines that say so.' : undefined
}

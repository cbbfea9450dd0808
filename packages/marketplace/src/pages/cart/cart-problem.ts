import { type RpcError, Status } from '@books/rpc'
import type { MessagePage } from '../pages.ts'
import { paths } from '../paths.ts'

/** The page that says why a cart was not changed, and its HTTP status. */
export interface CartProblem {
  status: number
  page: MessagePage
}

const invalidForm = 422

/** What an error of the service of carts means for the visitor who wanted to change theirs. */
export function cartProblemOf({ code, details }: RpcError, bookId: number): CartProblem {
  const { reason = '', metadata = {} } = details.errorInfo ?? {}
  const refused = (heading: string, text: string) => ({ status: invalidForm, page: pageOf(heading, text, bookId) })
  if (reason === 'CART_FULL')
    return refused('Your cart is full', 'A cart takes fifty different books. Order these first, or take one out.')
  if (reason === 'TOO_MANY_COPIES') {
    const there = metadata['copies'] ? ` There are ${metadata['copies']} in yours.` : ''
    return refused('No more of this book', `A cart takes twenty copies of a book.${there}`)
  }
  if (reason === 'OTHER_CURRENCY') {
    const title = metadata['title'] ?? 'This book'
    return refused(
      'One currency at a time',
      `${title} is sold in another currency than the books in your cart${inCurrency(metadata['currency'])}. Order those first, or take them out.`,
    )
  }
  if (code === Status.INVALID_ARGUMENT)
    return refused('Not so many', 'Choose a number of copies from 0, which takes the book out, to 20.')
  return { status: 503, page: cartAwayPage }
}

/** Says that a book cannot be bought just now. */
export function outOfStockPage(title: string, bookId: number): MessagePage {
  return pageOf('Out of stock', `We have no copy of ${title} just now, so it is not in your cart.`, bookId)
}

const cartAwayPage: MessagePage = {
  title: 'Your cart is out of reach · Books',
  heading: 'Your cart is out of reach',
  text: 'We cannot change your cart just now. What was in it is kept. Please try again in a moment.',
  furtherLinks: [{ href: paths.cart, label: 'Your cart' }],
  fallback: 'cart',
}

function pageOf(heading: string, text: string, bookId: number): MessagePage {
  const furtherLinks = [
    { href: paths.cart, label: 'Your cart' },
    { href: paths.book(bookId), label: 'The page of the book' },
  ]
  return { title: `${heading} · Books`, heading, text, furtherLinks }
}

function inCurrency(currency: string | undefined): string {
  return currency ? `, which are in ${currency}` : ''
}

import type { MessagePage } from '../pages.ts'
import { paths } from '../paths.ts'

const toCart = { href: paths.cart, label: 'Your cart' }
const toOrders = { href: paths.orders(), label: 'Your orders' }

/** Says that there is nothing to order. */
export const emptyPage: MessagePage = {
  title: 'Nothing to order · Books',
  heading: 'Nothing to order',
  text: 'Your cart is empty. If you have just ordered, the receipt comes by mail.',
  furtherLinks: [toCart, toOrders],
}

/** Says that the service of carts does not answer. */
export const cartAwayPage: MessagePage = {
  title: 'Checkout · Books',
  heading: 'The checkout has to wait',
  text: 'We cannot look into your cart just now. It is kept. Please try again in a moment.',
  furtherLinks: [toCart],
  fallback: 'cart',
}

/** Says that a reader's session ended while they were at the checkout. */
export const signedOutPage: MessagePage = {
  title: 'You are signed out · Books',
  heading: 'You are signed out',
  text: 'Your session ended while you were at the checkout, and nothing was ordered. Your cart is as you left it: sign in to go on.',
  furtherLinks: [{ href: paths.signIn({ returnTo: paths.checkout }), label: 'Sign in' }],
}

/** Says that the cart has an order that is being paid for. */
export function inProgressPage(orderId: string): MessagePage {
  return {
    title: 'Your order is under way · Books',
    heading: 'Your order is under way',
    text: 'An order of this cart is being paid for, so no second one was placed. Its page says how it goes on.',
    furtherLinks: orderId ? [{ href: paths.order(orderId), label: `Order ${orderId}` }] : [toOrders],
  }
}

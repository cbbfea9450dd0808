import type { MessagePage } from '../pages.ts'

/** Says that orders cannot be looked up just now. */
export const ordersAwayPage: MessagePage = {
  title: 'Orders · Books',
  heading: 'We cannot look up orders just now',
  text: 'What was ordered goes on by itself, and so does what was paid. Please look in again in a moment.',
  fallback: 'transactions',
}

/** Says that an order could not be cancelled just now. */
export const notCancelledPage: MessagePage = {
  ...ordersAwayPage,
  heading: 'We cannot cancel it just now',
  text: 'We cannot reach our orders. Please try again in a moment: an order that is not paid ends by itself after a while, too.',
}

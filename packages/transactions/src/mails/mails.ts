import type { MailContent, MailLine } from '@books/mail'
import type { Order, OrderLine, WholeOrder } from '../orders/order.ts'
import type { Refund } from '../steps/refund-store.ts'
import { moneyOf } from './money.ts'

const included = 'All prices include VAT and postage.'

/** To a customer whose order is confirmed. */
export function receipt({ order, lines }: WholeOrder, url: string): MailContent {
  return {
    subject: `Your order ${order.id} at Books`,
    title: 'Thank you for your order',
    paragraphs: [
      `Hello ${order.name}, we received your payment for the order ${order.id}, and send the books to:`,
      addressOf(order),
      included,
    ],
    lines: [...lines.map((line) => lineOf(line, order)), ...promotionOf(order), total(order)],
    action: { label: 'See your order', url },
  }
}

/** To a customer whose books were sent. */
export function shipped({ order, lines }: WholeOrder, url: string): MailContent {
  return {
    subject: `Your order ${order.id} is on its way`,
    title: 'Your books are on their way',
    paragraphs: [`Hello ${order.name}, we sent the books of your order ${order.id} to:`, addressOf(order)],
    lines: lines
      .filter(({ copies, refundedCopies }) => copies > refundedCopies)
      .map(({ title, author, copies, refundedCopies }) => ({
        label: `${title}, ${author}`,
        value: copiesOf(copies - refundedCopies),
      })),
    action: { label: 'See your order', url },
  }
}

/** To a customer who gets money back. */
export function refunded({ order, lines }: WholeOrder, refund: Refund, url: string): MailContent {
  const amount = moneyOf(Number(refund.amount_cents), order.currency)
  return {
    subject: `A refund for your order ${order.id} at Books`,
    title: 'Your refund',
    paragraphs: [
      `Hello ${order.name}, we gave back ${amount} for your order ${order.id}. Your bank may take some days to show it.`,
      ...(refund.reason === '' ? [] : [refund.reason]),
      included,
    ],
    lines: [
      ...refund.lines.map(({ bookId, copies }) => ({
        label: lines.find((line) => line.bookId === bookId)?.title ?? '',
        value: copiesOf(copies),
      })),
      { label: 'Given back', value: amount, isTotal: true },
    ],
    action: { label: 'See your order', url },
  }
}

/** To a reader who accepts offers. */
export function offer({ name, shop, account }: { name: string; shop: string; account: string }): MailContent {
  return {
    subject: 'Buy two, get the cheapest third free',
    title: 'Buy two, get the cheapest third free',
    paragraphs: [
      `Hello ${name}, put three books into your cart, and the cheapest of them is free. You can use this once, and need no code.`,
      included,
    ],
    action: { label: 'Choose your books', url: shop },
    footer: `You get this because you allowed offers by mail. To stop them, clear the box on the page of your account: ${account}`,
  }
}

function copiesOf(copies: number): string {
  return copies === 1 ? 'one copy' : `${copies} copies`
}

function lineOf({ title, author, copies, unitPriceCents }: OrderLine, { currency }: Order): MailLine {
  const each = copies > 1 ? ` (${copies} × ${moneyOf(unitPriceCents, currency)})` : ''
  return { label: `${title}, ${author}${each}`, value: moneyOf(copies * unitPriceCents, currency) }
}

function promotionOf({ promotion, discount_cents, currency }: Order): MailLine[] {
  if (promotion === null) return []
  return [{ label: 'Buy two, get the cheapest third free', value: moneyOf(-Number(discount_cents), currency) }]
}

function total({ total_cents, currency }: Order): MailLine {
  return { label: 'Total, with VAT and postage', value: moneyOf(Number(total_cents), currency), isTotal: true }
}

const countryNames = new Intl.DisplayNames('en', { type: 'region' })

function addressOf({ name, address }: Order): string {
  if (!address) return name ?? ''
  const { street, postalCode, city, country } = address
  const place = `${postalCode} ${city}`.trim()
  return [name, ...street.split('\n'), place, countryNames.of(country)].join(', ')
}

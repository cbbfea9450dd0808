import { createHash, randomBytes } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { fields as accountFields } from '../account/fields.ts'
import type { Form } from '../account/form.ts'
import { text } from '../account/form-body.ts'
import { paths } from '../paths.ts'
import { countries } from './countries.ts'

/** The schema of the form; what is wrong with its visible fields, transactions says. */
export const checkoutBody = Type.Object({
  ...{ email: text, name: text, street: text, postal_code: text, city: text, country: text },
  /** Any text where the address is to be kept. */
  keep: text,
  /** The idempotency key. */
  key: Type.String({ pattern: '^[\\w-]{16,100}$' }),
  /** Which cart the form was made for. */
  cart: Type.String({ pattern: '^[\\w-]{22}$' }),
  /** What the customer was shown. */
  lines: Type.String({ maxLength: 2_000 }),
  total: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  /** Copies to set in the cart instead of placing the order, such as `5x1.6x0`. */
  fit: Type.Optional(Type.String({ pattern: '^\\d{1,10}x\\d{1,2}(\\.\\d{1,10}x\\d{1,2}){0,49}$' })),
})

/** What was sent with the form. */
export type CheckoutBody = Static<typeof checkoutBody>

/** What of an order is hidden in its form. */
export interface Offer {
  key: string
  cart: string
  lines: string
  total: number
  currency: string
}

/** A key that cannot be guessed. */
export function newKey(): string {
  return randomBytes(24).toString('base64url')
}

/** Names a cart in a form without telling its id. */
export function cartTag(cartId: string): string {
  return createHash('sha256').update(cartId).digest('base64url').slice(0, 22)
}

/** The form of the checkout. */
export function checkoutForm({ key, cart, lines, total, currency }: Offer, submit: string): Form {
  return {
    heading: 'Checkout',
    action: paths.checkout,
    submit,
    fields,
    hidden: { key, cart, lines, total: String(total), currency },
  }
}

const required = { isRequired: true } as const

const fields: Form['fields'] = [
  {
    ...accountFields.email,
    autocomplete: 'email',
    hint: 'For the receipt, and for nothing else.',
  },
  { name: 'name', label: 'Name', type: 'text', autocomplete: 'name', maxLength: 100, ...required },
  {
    ...{ name: 'street', label: 'Street and number', type: 'textarea', autocomplete: 'street-address' },
    ...{ hint: 'On one or two lines.', maxLength: 200, ...required },
  },
  { name: 'postal_code', label: 'Postal code', type: 'text', autocomplete: 'postal-code', maxLength: 20 },
  { name: 'city', label: 'City', type: 'text', autocomplete: 'address-level2', maxLength: 100, ...required },
  { name: 'country', label: 'Country', type: 'select', autocomplete: 'country', options: countries, ...required },
  { name: 'keep', label: 'Keep this address in this browser for the next time', type: 'checkbox' },
]

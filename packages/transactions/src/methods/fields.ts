import { readAddress } from '@books/mail'
import type { Address, Owner } from '@books/proto'
import { checkAll, invalidArgument, notFound, type RpcError } from '@books/rpc'
import { isBlank } from '@books/runtime'
import { customerOf, guestOf } from '../orders/customer.ts'
import { readOrderId } from '../orders/order-id.ts'
import type { Copies, StoredAddress } from '../tables.ts'

const printable = /^[\x20-\x7e]*$/
// Control characters, and those that change the direction of the text around them.
const controls = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u
const highestBookId = 999_999_999

/** Reads a key or an id: printable ASCII characters. */
export function requireKey(field: string, text: string, { min = 1, max = 100 } = {}): string {
  if (text.length < min || text.length > max || !printable.test(text)) {
    throw invalidArgument(field, `must have ${min} to ${max} printable ASCII characters`)
  }
  return text
}

/** Reads a text of people, without the spaces around it. */
export function requireText(field: string, text: string, max: number, { min = 1, maxLines = 1 } = {}): string {
  const lines = text
    .normalize('NFC')
    .trim()
    .split(/\r\n|\n/)
  const trimmed = lines.map((line) => line.trim()).join('\n')
  if (min > 0 && isBlank(trimmed)) throw invalidArgument(field, 'must not be empty')
  if (Array.from(trimmed).length > max) throw invalidArgument(field, `must have at most ${max} characters`)
  if (maxLines > 1 && lines.length > maxLines) throw invalidArgument(field, `must have at most ${maxLines} lines`)
  if (lines.length > maxLines || lines.some((line) => controls.test(line))) {
    throw invalidArgument(field, 'must not contain control characters')
  }
  return trimmed
}

/** Reads where an order is sent. */
export function requirePlace(address: Address | undefined): StoredAddress {
  const { street = '', postalCode = '', city = '', country = '' } = address ?? {}
  return checkAll({
    street: () => requireText('address.street', street, 200, { maxLines: 2 }),
    // Some countries have none.
    postalCode: () => requireText('address.postal_code', postalCode, 20, { min: 0 }),
    city: () => requireText('address.city', city, 100),
    country: () => requireCountry(country),
  })
}

function requireCountry(country: string): string {
  if (country === '') throw invalidArgument('address.country', 'must not be empty')
  if (!/^[A-Z]{2}$/.test(country)) throw invalidArgument('address.country', 'must be two capital letters, such as DE')
  return country
}

/** Reads lines, each of another book. */
export function requireLines(
  lines: readonly Copies[],
  { min, maxCopies }: { min: number; maxCopies: number },
): Copies[] {
  if (lines.length < min || lines.length > 50) throw invalidArgument('lines', `must be ${min} to 50`)
  if (new Set(lines.map(({ bookId }) => bookId)).size < lines.length) {
    throw invalidArgument('lines', 'must each be of another book')
  }
  return lines.map(({ bookId, copies }) => {
    if (bookId < 1 || bookId > highestBookId)
      throw invalidArgument('lines.book_id', `must be from 1 to ${highestBookId}`)
    if (copies < 1 || copies > maxCopies) throw invalidArgument('lines.copies', `must be from 1 to ${maxCopies}`)
    return { bookId, copies }
  })
}

/** Reads who buys, apart from the address in mails: `reader:7`, or a guest by the address in lower case. */
export function requireCustomer(readerId: number, email: string): { customer: string; email: string } {
  if (readerId < 0) throw invalidArgument('reader_id', 'must not be negative')
  if (isBlank(email)) throw invalidArgument('email', 'must not be empty')
  const address = readAddress(email)
  if (!address) throw invalidArgument('email', 'must be one email address, such as ada@example.org')
  return { customer: readerId > 0 ? customerOf(readerId) : guestOf(address.key), email: address.address }
}

/** Reads the id of an order. NOT_FOUND where no order can have it. */
export function requireOrderId(text: string): string {
  const id = readOrderId(text)
  if (id === undefined) throw noSuchOrder()
  return id
}

/** An order that does not exist, or that the caller does not own. */
export function noSuchOrder(): RpcError {
  return notFound('There is no such order')
}

/** Reads an owner. */
export function requireOwner(owner: Owner | undefined): Owner {
  const { readerId = 0, secret = '' } = owner ?? {}
  if (readerId < 0) throw invalidArgument('owner.reader_id', 'must not be negative')
  return { readerId, secret }
}

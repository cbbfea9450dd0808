import { invalidArgument } from '@books/rpc'

const guestId = /^[0-9a-f]{32}$/
const readerCartId = /^reader:([1-9]\d{0,9})$/
const highestReaderId = 2 ** 31 - 1

/** The id, where it is a guest's or a reader's. */
export function requireCartId(id: string): string {
  const isValid = guestId.test(id) || (findReaderId(id) ?? Number.POSITIVE_INFINITY) <= highestReaderId
  if (!isValid)
    throw invalidArgument('cart_id', 'must be 32 hexadecimal digits in lower case, or `reader:` and a reader_id')
  return id
}

/** The id, where it is a guest's. */
export function requireGuestCartId(id: string): string {
  if (!guestId.test(id)) throw invalidArgument('guest_cart_id', 'must be 32 hexadecimal digits in lower case')
  return id
}

/** The id of a reader's cart. */
export function cartIdOfReader(readerId: number): string {
  if (readerId < 1) throw invalidArgument('reader_id', 'must be positive')
  return `reader:${readerId}`
}

/** The reader whose cart it is; undefined for a guest's. */
export function findReaderId(cartId: string): number | undefined {
  const digits = readerCartId.exec(cartId)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

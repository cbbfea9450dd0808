import type { LeftOut } from '@books/proto'

/** A sentence about what did not fit into a reader's cart when they signed in. */
export function leftOutText(leftOut: readonly LeftOut[]): string {
  const books = leftOut.map(({ title, copies }) => `${title} (${copies === 1 ? 'one copy' : `${copies} copies`})`)
  return `Your cart from before you signed in is now in your account's. There was no room for ${books.join(', ')}.`
}

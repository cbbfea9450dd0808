import { loadCatalogue } from '@books/catalogue'
import { sign } from '@fastify/cookie'
import { encodePreferences, type Preferences } from '../src/preferences/preferences.ts'

/** Signs the cookies of the benchmark. */
export const cookieSecret = 'what the benchmark signs cookies with'

const ids = loadCatalogue().map(({ id }) => id)

/** The preferences of a reader, by their number: five liked books and two disliked ones. */
export function preferencesOf(reader: number): Preferences {
  // Spread over the catalogue: the step and the length of the list are coprime.
  const said = Array.from({ length: 7 }, (_, nth) => ids[(reader * 7 + nth * 101) % ids.length]!)
  return said.map((bookId, place) => ({ bookId, verdict: place < 5 ? 'liked' : 'disliked' }))
}

/** What visitors have: preferences that no other one has, or the same cart. */
export type Cookies = 'preferences' | 'cart'

/** The `Cookie` header of a reader with preferences. */
export function cookieOf(reader: number): string {
  return `taste=${signed(encodePreferences(preferencesOf(reader)))}`
}

/** The `Cookie` header of a guest with a cart. */
export const cartCookie = `cart=${signed('c'.repeat(32))}`

function signed(value: string): string {
  return encodeURIComponent(sign(value, cookieSecret))
}

import { loadCatalogue } from '@books/catalogue'
import { sign } from '@fastify/cookie'
import { chanceFrom, pickOne } from '../src/cover/chance.ts'
import { encodeTaste, type Taste } from '../src/taste/taste.ts'

/** Signs the cookies of the benchmark. */
export const cookieSecret = 'what the benchmark signs cookies with'

const ids = loadCatalogue().map(({ id }) => id) as [number, ...number[]]

/** The taste of a reader, by their number: five books that they liked and two that they did not. */
export function tasteOf(reader: number): Taste {
  const chance = chanceFrom(`reader ${reader}`)
  const said = new Set<number>()
  while (said.size < 7) said.add(pickOne(chance, ids))
  return [...said].map((bookId, place) => ({ bookId, verdict: place < 5 ? 'liked' : 'disliked' }))
}

/** The cookie of a reader, as their browser sends it. */
export function cookieOf(reader: number): string {
  return `taste=${encodeURIComponent(sign(encodeTaste(tasteOf(reader)), cookieSecret))}`
}

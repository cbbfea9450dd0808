import { type Shelf, shelves } from '../categories.ts'

const dayMs = 24 * 60 * 60 * 1000
const count = 4
const others = shelves.filter(({ key }) => key !== 'MYSTERY')

/** The shelves in the shop window, others each day, so that each is shown within a few days. Mysteries are always on the page. */
export function shelvesOfTheDay(now: Date): Shelf[] {
  const day = Math.floor(now.getTime() / dayMs)
  return Array.from({ length: count }, (_, place) => others[(day * count + place) % others.length]!)
}

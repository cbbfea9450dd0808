import { type Shelf, shelves } from '../categories.ts'

const dayMs = 24 * 60 * 60 * 1000
const count = 4
const others = shelves.filter(({ key }) => key !== 'MYSTERY')

/** The shelves in the shop window: others each day, and every one of them within a few days. Mysteries stand there anyway. */
export function shelvesOfTheDay(now: Date): Shelf[] {
  const day = Math.floor(now.getTime() / dayMs)
  return Array.from({ length: count }, (_, place) => others[(day * count + place) % others.length]!)
}

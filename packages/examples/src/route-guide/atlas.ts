import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Point } from '@books/proto'
import type { Place } from './places.ts'

/** What is known, by where it is. */
export interface Atlas {
  /** What is at exactly this point; the first of several. */
  find(point: Point): Place | undefined
  /**
   * Everything between two opposite corners, what lies on the border included. It looks no further than its reader reads,
   * and not at all once `signal` aborts.
   */
  within(corner: Point, opposite: Point, signal: AbortSignal): AsyncIterable<Place>
}

// Others are answered meanwhile, however many places there are.
const placesPerTurn = 1_000

/** Makes an atlas of places. */
export function createAtlas(places: readonly Place[]): Atlas {
  // Of two with the same key a map keeps the last, so the first comes last.
  const byPoint = new Map(places.map((place) => [keyOf(place.location), place] as const).toReversed())

  return {
    find: (point) => byPoint.get(keyOf(point)),
    async *within(corner, opposite, signal) {
      for (const [index, place] of places.entries()) {
        if (index % placesPerTurn === 0) await nextTurn()
        if (signal.aborted) return
        if (isBetween(place.location, corner, opposite)) yield place
      }
    },
  }
}

/** The same text for the same point, and for no other. */
export function keyOf({ latitude, longitude }: Point): string {
  return `${latitude},${longitude}`
}

function isBetween({ latitude, longitude }: Point, a: Point, b: Point): boolean {
  return (
    latitude >= Math.min(a.latitude, b.latitude) &&
    latitude <= Math.max(a.latitude, b.latitude) &&
    longitude >= Math.min(a.longitude, b.longitude) &&
    longitude <= Math.max(a.longitude, b.longitude)
  )
}

import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Point } from '@books/proto'
import type { Place } from './places.ts'

/** The places, by point. */
export interface Atlas {
  /** The place at exactly this point; the first if there are several. */
  find(point: Point): Place | undefined
  /**
   * All places between two opposite corners, the border included. It searches only as far as its reader reads, and ends once
   * `signal` aborts.
   */
  within(corner: Point, opposite: Point, signal: AbortSignal): AsyncIterable<Place>
}

// The event loop answers other calls meanwhile, however many places there are.
const placesPerTurn = 1_000

/** Makes an atlas of places. */
export function createAtlas(places: readonly Place[]): Atlas {
  // A map keeps the last of two entries with the same key, so the order is reversed.
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

/** A text that is unique to the point. */
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

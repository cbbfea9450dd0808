import type { Point, RouteGuideService } from '@books/proto'
import { type Handlers, invalidArgument } from '@books/rpc'
import type { Atlas } from './atlas.ts'
import { maxLatitude, maxLongitude } from './earth.ts'
import { createNotes } from './notes.ts'
import { createRoute } from './route.ts'

/** What the methods need. */
export interface RouteGuideDeps {
  atlas: Atlas
  /** A clock in milliseconds that never goes back. */
  nowMs: () => number
}

/** Answers the RouteGuide API: a method of every kind. */
export function createRouteGuide({ atlas, nowMs }: RouteGuideDeps): Handlers<typeof RouteGuideService> {
  return {
    async getFeature(request) {
      const location = requirePoint(request)
      return atlas.find(location) ?? { name: '', location }
    },

    async *listFeatures({ lo, hi }, { signal }) {
      yield* atlas.within(requirePoint(lo, 'lo'), requirePoint(hi, 'hi'), signal)
    },

    async recordRoute(points) {
      const route = createRoute(atlas, nowMs)
      for await (const point of points) route.add(requirePoint(point))
      return route.summary()
    },

    async *routeChat(notes) {
      const earlier = createNotes()
      for await (const note of notes) {
        const point = requirePoint(note.location, 'location')
        yield* earlier.listAt(point)
        earlier.leave(point, note)
      }
    },
  }
}

/** A point on earth. `field` is the one of the request that holds it, if it is not the request itself. */
function requirePoint(point: Point | undefined, field = ''): Point {
  const prefix = field && `${field}.`
  if (!point) throw invalidArgument(field, 'is missing')
  if (Math.abs(point.latitude) > maxLatitude) throw invalidArgument(`${prefix}latitude`, 'must be within ±90°')
  if (Math.abs(point.longitude) > maxLongitude) throw invalidArgument(`${prefix}longitude`, 'must be within ±180°')
  return point
}

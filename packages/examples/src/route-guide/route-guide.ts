import type { Point, RouteGuideService } from '@books/proto'
import { type Handlers, invalidArgument } from '@books/rpc'
import type { Atlas } from './atlas.ts'
import { maxLatitude, maxLongitude } from './earth.ts'
import { createNotes } from './notes.ts'
import { createRoute } from './route.ts'

/** The dependencies of the methods. */
export interface RouteGuideDeps {
  atlas: Atlas
  /** A monotonic clock in milliseconds. */
  nowMs: () => number
}

/** Answers the RouteGuide API: one method of each RPC kind. */
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
        earlier.add(point, note)
      }
    },
  }
}

/** Returns the point if it is on earth. `field` is the request's field that holds it, empty if the request is the point. */
function requirePoint(point: Point | undefined, field = ''): Point {
  const prefix = field && `${field}.`
  if (!point) throw invalidArgument(field, 'is missing')
  if (Math.abs(point.latitude) > maxLatitude) throw invalidArgument(`${prefix}latitude`, 'must be within ±90°')
  if (Math.abs(point.longitude) > maxLongitude) throw invalidArgument(`${prefix}longitude`, 'must be within ±180°')
  return point
}

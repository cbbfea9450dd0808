import type { Point, RouteSummary } from '@books/proto'
import { outOfRange } from '@books/rpc'
import type { Atlas } from './atlas.ts'
import { distanceMetres } from './earth.ts'

/** A route, measured while it is recorded. */
export interface Route {
  /** Adds the next point. Throws OUT_OF_RANGE if the route is too long for a summary. */
  add(point: Point): void
  summary(): RouteSummary
}

// The largest int32: about 53 times around the earth.
const maxMetres = 2 ** 31 - 1

/** Begins a route. `nowMs` is a monotonic clock in milliseconds. */
export function createRoute(atlas: Atlas, nowMs: () => number): Route {
  let pointCount = 0
  let featureCount = 0
  let metres = 0
  let begunMs = 0
  let last: Point | undefined

  return {
    add(point) {
      if (last) metres += distanceMetres(last, point)
      else begunMs = nowMs()
      if (metres > maxMetres) throw outOfRange(`The route is longer than ${maxMetres} metres`)
      if (atlas.find(point)) featureCount++
      pointCount++
      last = point
    },
    summary() {
      const elapsedTime = last ? Math.floor((nowMs() - begunMs) / 1000) : 0
      return { pointCount, featureCount, distance: Math.round(metres), elapsedTime }
    },
  }
}

import type { Point } from '@books/proto'

/** The unit of the contract's points: ten million make a degree. */
export const perDegree = 10_000_000

/** The largest latitude, north or south. */
export const maxLatitude = 90 * perDegree

/** The largest longitude, east or west. */
export const maxLongitude = 180 * perDegree

const radiusMetres = 6_371_000

/** The length of the great circle between two points on a sphere, by the haversine formula, in metres. */
export function distanceMetres(from: Point, to: Point): number {
  const north = radiansOf(to.latitude - from.latitude)
  const east = radiansOf(to.longitude - from.longitude)
  const scale = Math.cos(radiansOf(from.latitude)) * Math.cos(radiansOf(to.latitude))
  const haversine = Math.sin(north / 2) ** 2 + scale * Math.sin(east / 2) ** 2
  return 2 * radiusMetres * Math.asin(Math.sqrt(haversine))
}

function radiansOf(angle: number): number {
  return ((angle / perDegree) * Math.PI) / 180
}

import type { Point, RouteNote } from '@books/proto'
import { perDegree } from './earth.ts'

/** Converts degrees north and east to a point. */
export function pointAt(north: number, east: number): Point {
  return { latitude: Math.round(north * perDegree), longitude: Math.round(east * perDegree) }
}

/** A walk through literary London, with a note at each stop. */
export const walk: readonly (RouteNote & { location: Point })[] = [
  { location: pointAt(51.5299, -0.127), message: 'The Treasures Gallery is free, and has Magna Carta.' },
  { location: pointAt(51.5236, -0.1164), message: 'Oliver Twist was written in the study.' },
  { location: pointAt(51.5152, -0.1083), message: 'The Dictionary was made in the garret.' },
  { location: pointAt(51.5184, -0.124), message: 'Leave time for cake.' },
  { location: pointAt(51.5144, -0.13), message: 'Four miles of shelves, they say.' },
  { location: pointAt(51.511, -0.1275), message: 'First editions in every other window.' },
  { location: pointAt(51.5085, -0.1376), message: 'Selling books since 1797.' },
  { location: pointAt(51.5073, -0.1368), message: 'The floors between the stacks are iron grilles.' },
]

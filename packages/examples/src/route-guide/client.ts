import { type Point, RouteGuideService } from '@books/proto'
import { runClient } from '../run-client.ts'
import { keyOf } from './atlas.ts'
import { perDegree } from './earth.ts'
import { routeGuide as definition } from './service.ts'
import { pointAt, walk } from './walk.ts'

const names = new Map<string, string>()

await runClient({
  name: 'route-guide',
  service: RouteGuideService,
  port: definition.port,
  env: process.env,
  async run(guide) {
    console.log('GetFeature: what is here?')
    for (const point of [pointAt(51.5299, -0.127), pointAt(51.5033, -0.1195)]) {
      const { name } = await guide.getFeature(point)
      console.log(`  ${degreesOf(point)}   ${name || 'nothing known by name'}`)
    }

    const [lo, hi] = [pointAt(51.5, -0.17), pointAt(51.53, -0.1)]
    console.log(`\nListFeatures: what is between ${degreesOf(lo)} and ${degreesOf(hi)}?`)
    for await (const { name, location } of guide.listFeatures({ lo, hi })) {
      console.log(`  ${name}`)
      if (location) names.set(keyOf(location), name)
    }

    console.log(`\nRecordRoute: how long is a walk with ${walk.length} stops?`)
    const summary = await guide.recordRoute(pointsOfWalk())
    const { pointCount, featureCount, distance, elapsedTime } = summary
    console.log(`  ${pointCount} points, ${featureCount} of them known, ${distance} metres, in ${elapsedTime} seconds`)

    console.log('\nRouteChat: a note at every stop, and what is there on the way back')
    for await (const { location, message } of guide.routeChat(notesThereAndBack())) {
      console.log(`  ${nameOf(location).padEnd(34)} ${message}`)
    }
  },
})

async function* pointsOfWalk() {
  for (const { location } of walk) yield location
}

async function* notesThereAndBack() {
  yield* walk
  for (const { location } of walk.toReversed()) yield { location, message: 'Here again.' }
}

function nameOf(point: Point | undefined): string {
  return point ? names.get(keyOf(point)) || degreesOf(point) : ''
}

function degreesOf({ latitude, longitude }: Point): string {
  return `${sideOf(latitude, 'N', 'S')} ${sideOf(longitude, 'E', 'W')}`
}

function sideOf(angle: number, positive: string, negative: string): string {
  return `${(Math.abs(angle) / perDegree).toFixed(4)}° ${angle < 0 ? negative : positive}`
}

import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from '@jest/globals'
import { createAtlas } from './atlas.ts'
import type { Place } from './places.ts'
import { serveGuide } from './route-guide.fixture.ts'
import { pointAt } from './walk.ts'

// A hundred megabytes in all.
const [featureCount, featureBytes] = [2_500, 40_000]

const places: Place[] = Array.from({ length: featureCount }, (_, index) => ({
  name: '',
  location: { latitude: index, longitude: 0 },
}))

it('ListFeatures sends a hundred megabytes to a slow reader without ever holding much of it', async () => {
  const atlas = createAtlas(places)
  let given = 0
  const guide = await serveGuide({
    atlas: {
      ...atlas,
      async *within(...area) {
        for await (const place of atlas.within(...area)) {
          given++
          yield { ...place, name: Buffer.alloc(featureBytes, given).toString('latin1') }
        }
      },
    },
  })
  await guide.client.getFeature({})
  const heaps = [await heapMib()]
  let taken = 0
  let furthestAhead = 0

  for await (const _ of guide.client.listFeatures({ lo: pointAt(0, 0), hi: pointAt(1, 1) }, { deadlineMs: 60_000 })) {
    taken++
    // From time to time the reader rests until the server has run as far ahead as it will.
    if (taken % 500 === 1) {
      await untilStill(() => given)
      heaps.push(await heapMib())
    }
    furthestAhead = Math.max(furthestAhead, given - taken)
  }
  await guide.stop()

  expect(taken).toBe(featureCount)
  expect(furthestAhead).toBeLessThan(250)
  const [before = 0, ...meanwhile] = heaps
  expect(Math.max(...meanwhile) - before).toBeLessThan(40)
})

/** Resolves once the number has not changed for a hundred turns of the event loop. */
async function untilStill(number: () => number): Promise<void> {
  for (let seen = number(), turns = 0; turns < 100; turns++) {
    await nextTurn()
    if (number() !== seen) turns = 0
    seen = number()
  }
}

/** What the objects and buffers of this process take, garbage collected. */
async function heapMib(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  collect()
  await nextTurn()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1024 / 1024
}

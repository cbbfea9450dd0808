import { afterEach, describe, expect, it } from '@jest/globals'
import { createAtlas } from './atlas.ts'
import type { Place } from './places.ts'
import { pointAt } from './walk.ts'

const everywhere = [pointAt(-90, -180), pointAt(90, 180)] as const
const nowhere = [pointAt(80, 80), pointAt(81, 81)] as const

describe('an atlas', () => {
  let ticking: NodeJS.Immediate | undefined
  afterEach(() => clearImmediate(ticking))

  it('lets the event loop turn while it searches', async () => {
    const atlas = createAtlas(manyPlaces(100_000))
    let turns = 0
    const tick = () => {
      turns++
      ticking = setImmediate(tick)
    }
    tick()

    const found = await Array.fromAsync(atlas.within(...nowhere, new AbortController().signal))

    expect(found).toEqual([])
    expect(turns).toBeGreaterThan(50)
  })

  it('searches no further once the signal aborts', async () => {
    const atlas = createAtlas(manyPlaces(10))
    const controller = new AbortController()

    let seen = 0
    for await (const _ of atlas.within(...everywhere, controller.signal)) if (++seen === 3) controller.abort()

    expect(seen).toBe(3)
  })

  it('finds the first of two places at one point, and lists both', async () => {
    const location = pointAt(1, 1)
    const both = [
      { name: 'the upper floor', location },
      { name: 'the lower floor', location },
    ]
    const atlas = createAtlas(both)

    expect(atlas.find(location)).toEqual(both[0])
    expect(await Array.fromAsync(atlas.within(...everywhere, new AbortController().signal))).toEqual(both)
  })
})

function manyPlaces(count: number): Place[] {
  return Array.from({ length: count }, (_, index) => ({
    name: '',
    location: { latitude: index, longitude: index },
  }))
}

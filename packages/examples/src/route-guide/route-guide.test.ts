import type { Point, RouteNote } from '@books/proto'
import { Status } from '@books/rpc'
import { streamOf } from '@books/rpc/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type Atlas, createAtlas } from './atlas.ts'
import {
  bookshop,
  endlessly,
  grave,
  island,
  library,
  type ServedGuide,
  serveGuide,
  thenNothing,
} from './route-guide.fixture.ts'
import { pointAt } from './walk.ts'

const tooFarNorth: Point = { latitude: 900_000_001, longitude: 0 }
const tooFarWest: Point = { latitude: 0, longitude: -1_800_000_001 }
const world = { lo: pointAt(-90, -180), hi: pointAt(90, 180) }

let guide: ServedGuide
const stops: (() => Promise<void>)[] = []
beforeEach(() => serveNew())
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

async function serveNew(deps?: Parameters<typeof serveGuide>[0]) {
  guide = await serveGuide(deps)
  stops.push(guide.stop)
}

describe('GetFeature', () => {
  it('answers the place at a point', async () => {
    expect(await guide.client.getFeature(library.location)).toEqual(library)
    expect(await guide.client.getFeature(grave.location)).toEqual(grave)
  })

  it('answers an empty name at an unknown point, at the next point beside a place, and for an empty request', async () => {
    const { latitude, longitude } = library.location
    const beside = { latitude, longitude: longitude + 1 }

    expect(await guide.client.getFeature(beside)).toEqual({ name: '', location: beside })
    expect(await guide.client.getFeature({})).toEqual({ name: '', location: { latitude: 0, longitude: 0 } })
  })

  it.each([world.lo, world.hi])('knows the ends of the earth: %j', async (location) => {
    expect(await guide.client.getFeature(location)).toEqual({ name: '', location })
  })

  it.each([
    ['latitude', tooFarNorth],
    ['longitude', tooFarWest],
  ])('refuses a %s that is not on earth', async (field, point) => {
    await expect(guide.client.getFeature(point)).rejects.toMatchObject(refusal(field))
  })

  it('fails once its deadline has passed', async () => {
    const call = guide.client.getFeature(library.location, { deadlineMs: 0 })

    await expect(call).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED })
  })

  it('fails once it is cancelled', async () => {
    const caller = new AbortController()
    const call = guide.client.getFeature(library.location, { signal: caller.signal })
    caller.abort()

    await expect(call).rejects.toMatchObject({ code: Status.CANCELLED })
  })
})

describe('ListFeatures', () => {
  it('lists everything in a rectangle whatever its name, its border included', async () => {
    const { latitude: south, longitude: west } = bookshop.location
    const { latitude: north, longitude: east } = grave.location
    const lo = { latitude: south, longitude: west }
    const hi = { latitude: north, longitude: east }
    const narrower = { latitude: north, longitude: east - 1 }

    expect(await list({ lo, hi })).toEqual([bookshop, library, grave])
    expect(await list({ lo, hi: narrower })).toEqual([bookshop])
  })

  it('accepts the corners in any order', async () => {
    const [south, north, west, east] = [9, 11, 9, 21]

    for (const rectangle of [
      { lo: pointAt(south, west), hi: pointAt(north, east) },
      { lo: pointAt(north, west), hi: pointAt(south, east) },
      { lo: pointAt(south, east), hi: pointAt(north, west) },
      { lo: pointAt(north, east), hi: pointAt(south, west) },
    ]) {
      expect(await list(rectangle)).toEqual([bookshop, library])
    }
  })

  it('lists the place at a point if both corners are that point, and nothing in an empty rectangle', async () => {
    const nowhere = pointAt(50, 50)

    expect(await list({ lo: library.location, hi: library.location })).toEqual([library])
    expect(await list({ lo: nowhere, hi: pointAt(51, 51) })).toEqual([])
  })

  it('goes the long way around, never across the meridian of 180°', async () => {
    const [lo, hi] = [pointAt(-90, 170), pointAt(90, -170)]

    expect(await list({ lo, hi })).toEqual([bookshop, library, grave])
    expect(await list({ lo, hi: pointAt(90, 180) })).toEqual([island])
  })

  it.each([
    ['lo', { hi: world.hi }],
    ['hi', { lo: world.lo }],
    ['lo', {}],
    ['lo.latitude', { lo: tooFarNorth, hi: world.hi }],
    ['hi.longitude', { lo: world.lo, hi: tooFarWest }],
  ])('refuses a rectangle whose %s is missing or not on earth', async (field, rectangle) => {
    await expect(list(rectangle)).rejects.toMatchObject(refusal(field))
  })

  it('stops when its caller ends the call', async () => {
    const ended = Promise.withResolvers<AbortSignal>()
    await serveNew({ atlas: atlasOf(endlessPlaces(ended.resolve)) })

    let seen = 0
    for await (const _ of guide.client.listFeatures(world)) if (++seen === 3) break

    expect((await ended.promise).reason).toMatchObject({ code: Status.CANCELLED })
  })

  it('stops at its deadline', async () => {
    const ended = Promise.withResolvers<AbortSignal>()
    await serveNew({ atlas: atlasOf(endlessPlaces(ended.resolve)) })

    for (let deadlineMs = 200; !guide.hasBegun('ListFeatures'); deadlineMs *= 2) {
      const reading = Array.fromAsync(guide.client.listFeatures(world, { deadlineMs }))
      await expect(reading).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED })
    }

    expect((await ended.promise).aborted).toBe(true)
  })

  it('delivers what it found before it failed', async () => {
    await serveNew({
      atlas: atlasOf(async function* () {
        yield bookshop
        yield library
        throw new Error('the page is torn out')
      }),
    })

    const seen: unknown[] = []
    const reading = (async () => {
      for await (const feature of guide.client.listFeatures(world)) seen.push(feature)
    })()

    await expect(reading).rejects.toMatchObject({ code: Status.INTERNAL, message: 'Internal error' })
    expect(seen).toEqual([bookshop, library])
  })

  function list(rectangle: Parameters<typeof guide.client.listFeatures>[0]) {
    return Array.fromAsync(guide.client.listFeatures(rectangle))
  }
})

describe('RecordRoute', () => {
  it('counts points and known ones, and measures the way', async () => {
    const summary = await guide.client.recordRoute(
      streamOf(pointAt(0, 0), pointAt(0, 1), library.location, library.location, grave.location),
    )

    // A degree on the equator, to the library (by the law of cosines), nothing, and ten degrees along a meridian.
    expect(summary).toMatchObject({ pointCount: 5, featureCount: 3, distance: 111_195 + 2_377_856 + 1_111_949 })
  })

  it('rounds the whole way, not each of its legs', async () => {
    // Each leg is 40 centimetres long.
    const points = [0, 36, 72, 108].map((longitude) => ({ latitude: 0, longitude }))

    expect(await guide.client.recordRoute(streamOf(...points))).toMatchObject({ pointCount: 4, distance: 1 })
  })

  it('takes the seconds from the first point to the end', async () => {
    let ms = 5_000
    const { atlas, asked } = watchedAtlas()
    await serveNew({ atlas, nowMs: () => ms })
    async function* route() {
      ms = 10_000
      yield library.location
      await asked
      ms = 13_999
    }

    expect(await guide.client.recordRoute(route())).toMatchObject({ pointCount: 1, elapsedTime: 3 })
  })

  it('answers zeros to an empty stream', async () => {
    expect(await guide.client.recordRoute(streamOf<Point>())).toEqual({
      pointCount: 0,
      featureCount: 0,
      distance: 0,
      elapsedTime: 0,
    })
  })

  it('refuses a point that is not on earth at once, without waiting for the rest of the stream', async () => {
    const call = guide.client.recordRoute(endlessly(pointAt(0, 0), tooFarWest))

    await expect(call).rejects.toMatchObject(refusal('longitude'))
  })

  it('fails if the route is too long for a summary', async () => {
    const call = guide.client.recordRoute(endlessly(world.lo, world.hi))

    await expect(call).rejects.toMatchObject({ code: Status.OUT_OF_RANGE })
  })

  it('ends when its caller cancels', async () => {
    const { atlas, asked } = watchedAtlas()
    await serveNew({ atlas })
    const caller = new AbortController()

    const call = guide.client.recordRoute(thenNothing(library.location), { signal: caller.signal })
    await Promise.race([asked, call])
    caller.abort()

    await expect(call).rejects.toMatchObject({ code: Status.CANCELLED })
    await guide.over('RecordRoute')
  })

  it.each([
    ['goes on', endlessly],
    ['is silent', thenNothing],
  ])('ends at its deadline while its caller %s', async (_, stream) => {
    // On a busy machine a short deadline passes before the call has reached the server.
    for (let deadlineMs = 200; !guide.hasBegun('RecordRoute'); deadlineMs *= 2) {
      const call = guide.client.recordRoute(stream(library.location), { deadlineMs })
      await expect(call).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED })
    }

    await guide.over('RecordRoute')
  })
})

describe('RouteChat', () => {
  it('answers each note with the earlier ones at the same place, in their order, and not with itself', async () => {
    const here = bookshop.location
    const there = library.location

    const heard = await chat(
      { location: here, message: 'one' },
      { location: there, message: 'two' },
      { location: here, message: 'three' },
      { location: here, message: 'four' },
      { location: there, message: 'five' },
    )

    expect(heard).toEqual([
      { location: here, message: 'one' },
      { location: here, message: 'one' },
      { location: here, message: 'three' },
      { location: there, message: 'two' },
    ])
  })

  it('keeps the notes of concurrent calls apart', async () => {
    const ann = openChat()
    const ben = openChat()

    await ann.leave('Ann was here')
    await ben.leave('Ben was here')
    await ann.leave('Ann is back')
    const heardByAnn = await ann.hear()
    await ben.leave('Ben is back')
    const heardByBen = await ben.hear()
    await ann.end()
    await ben.end()

    expect([heardByAnn, await ann.rest]).toEqual(['Ann was here', []])
    expect([heardByBen, await ben.rest]).toEqual(['Ben was here', []])
  })

  it('forgets its notes when it ends', async () => {
    const note = { location: bookshop.location, message: 'once' }
    await chat(note)

    expect(await chat(note)).toEqual([])
  })

  it('accepts ten million characters, and no more', async () => {
    const message = 'x'.repeat(2_500_000)
    const notes = [0, 1, 2, 3].map((longitude) => ({ location: { latitude: 0, longitude }, message }))

    expect(await chat(...notes)).toEqual([])
    await expect(chat(...notes, { location: world.hi, message: 'x' })).rejects.toMatchObject({
      code: Status.RESOURCE_EXHAUSTED,
    })
  })

  it.each([
    ['location', {}],
    ['location.latitude', { location: tooFarNorth }],
    ['location.longitude', { location: tooFarWest }],
  ])('refuses a note whose %s is missing or not on earth, after what was answered before', async (field, wrong) => {
    const right = { location: bookshop.location, message: 'right' }
    const heard: RouteNote[] = []
    const chatting = (async () => {
      for await (const note of guide.client.routeChat(streamOf(right, right, wrong, right))) heard.push(note)
    })()

    await expect(chatting).rejects.toMatchObject(refusal(field))
    expect(heard).toEqual([right])
  })

  it('ends when its caller cancels', async () => {
    const note = { location: bookshop.location, message: 'again and again' }

    let heard = 0
    for await (const _ of guide.client.routeChat(endlessly(note))) if (++heard === 3) break

    expect(heard).toBe(3)
    await guide.over('RouteChat')
  })

  it('ends at its deadline', async () => {
    const note = { location: bookshop.location, message: 'again' }

    for (let deadlineMs = 200; !guide.hasBegun('RouteChat'); deadlineMs *= 2) {
      const chatting = Array.fromAsync(guide.client.routeChat(thenNothing(note, note), { deadlineMs }))
      await expect(chatting).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED })
    }

    await guide.over('RouteChat')
  })

  function chat(...notes: Partial<RouteNote>[]) {
    return Array.fromAsync(guide.client.routeChat(streamOf(...notes)))
  }

  /** A call that stays open. All its notes are at the same place. */
  function openChat() {
    const { readable, writable } = new TransformStream<RouteNote, RouteNote>()
    const writer = writable.getWriter()
    const heard = guide.client.routeChat(readable)[Symbol.asyncIterator]()
    const next = heard.next()
    let isFirst = true
    return {
      leave: (message: string) => writer.write({ location: bookshop.location, message }),
      async hear() {
        const { value } = await (isFirst ? next : heard.next())
        isFirst = false
        return value?.message
      },
      end: () => writer.close(),
      get rest() {
        return Array.fromAsync({ [Symbol.asyncIterator]: () => heard })
      },
    }
  }
})

function refusal(field: string) {
  return { code: Status.INVALID_ARGUMENT, details: { badRequest: { fieldViolations: [{ field }] } } }
}

/** An atlas in which every search finds the same. */
function atlasOf(within: Atlas['within']): Atlas {
  return { ...createAtlas([]), within }
}

/** An atlas without places. `asked` resolves once it is asked for a point. */
function watchedAtlas() {
  const asked = Promise.withResolvers<void>()
  const atlas: Atlas = {
    ...createAtlas([]),
    find() {
      asked.resolve()
      return undefined
    },
  }
  return { atlas, asked: asked.promise }
}

function endlessPlaces(onEnd: (signal: AbortSignal) => void): Atlas['within'] {
  return async function* (_corner, _opposite, signal) {
    try {
      for (;;) yield bookshop
    } finally {
      onEnd(signal)
    }
  }
}

import { describe, expect, it } from '@jest/globals'
import { distanceMetres } from './earth.ts'
import { pointAt } from './walk.ts'

const north = pointAt(90, 0)
const nashville = pointAt(36.12, -86.67)
const losAngeles = pointAt(33.94, -118.4)

describe('the distance between two points', () => {
  it.each([
    // On a sphere of 6,371,000 metres, by hand: π r / 180, π r / 2 and π r.
    ['a degree along the equator', pointAt(0, 10), pointAt(0, 11), 111_194.927],
    ['a degree along a meridian', pointAt(51, 0), pointAt(52, 0), 111_194.927],
    ['a degree across the meridian of 180°', pointAt(0, 179.5), pointAt(0, -179.5), 111_194.927],
    ['from the pole to the equator', north, pointAt(0, 77), 10_007_543.398],
    ['between the poles', north, pointAt(-90, 123), 20_015_086.796],
    ['between antipodes', pointAt(48.8584, 2.2945), pointAt(-48.8584, -177.7055), 20_015_086.796],
    [
      'between antipodes where the formula rounds past 1',
      pointAt(10.7146892, 46.8072013),
      pointAt(-10.7146892, -133.1927987),
      20_015_086.796,
    ],
    // The example that Rosetta Code has for the formula, scaled from its radius to ours.
    ['from Nashville to Los Angeles', nashville, losAngeles, (2_887_259.951 * 6371) / 6372.8],
  ])('is right for %s', (_, from, to, metres) => {
    expect(distanceMetres(from, to)).toBeCloseTo(metres, 2)
    expect(distanceMetres(to, from)).toBeCloseTo(metres, 2)
  })

  it('is nothing from a point to itself, and centimetres to the next one', () => {
    const { latitude, longitude } = nashville

    expect(distanceMetres(nashville, nashville)).toBe(0)
    expect(distanceMetres(nashville, { latitude: latitude + 1, longitude })).toBeCloseTo(0.011, 3)
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartError } from '@books/runtime'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { keyOf } from './atlas.ts'
import { loadPlaces } from './places.ts'
import { pointAt, walk } from './walk.ts'

describe('the places that book lovers visit', () => {
  const places = loadPlaces()

  it('are over a hundred, each with a name and a point of its own', () => {
    expect(places.length).toBeGreaterThanOrEqual(100)
    expect(new Set(places.map(({ name }) => name)).size).toBe(places.length)
    expect(new Set(places.map(({ location }) => keyOf(location))).size).toBe(places.length)
  })

  it('have names that say in which town they are', () => {
    expect(places.map(({ name }) => name).filter((name) => !/^\S.*, \S.*\S$/.test(name))).toEqual([])
  })

  it('lie on both sides of the equator, and on five continents', () => {
    const corners = [
      pointAt(51, 0),
      pointAt(-30, 30),
      pointAt(35, 139),
      pointAt(-35, 150),
      pointAt(40, -74),
      pointAt(-34, -58),
    ]
    const near = corners.map(({ latitude, longitude }) =>
      places.some(
        ({ location }) =>
          Math.abs(location.latitude - latitude) < 150_000_000 &&
          Math.abs(location.longitude - longitude) < 150_000_000,
      ),
    )

    expect(near).toEqual(corners.map(() => true))
  })

  it('have every stop of the walk among them', () => {
    const known = new Set(places.map(({ location }) => keyOf(location)))

    expect(walk.filter(({ location }) => !known.has(keyOf(location)))).toEqual([])
  })
})

describe('a file of places', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'books-places-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('is read as it is, unnamed places and all', () => {
    const places = [{ location: { latitude: 407838351, longitude: -746143763 }, name: '' }]

    expect(loadPlaces(fileOf(JSON.stringify(places)))).toEqual(places)
  })

  it.each([
    ['["London",\n\nParis]', 'is not JSON: Unexpected token'],
    ['{}', 'must be array'],
    ['["London"]', 'entry 1 must be object'],
    ['[{"name": "London"}]', 'entry 1 must have required properties location'],
    [
      entries({ latitude: 1, longitude: 1 }, { latitude: 1 }),
      'entry 2 location must have required properties longitude',
    ],
    [entries({ latitude: 51.5, longitude: 0 }), 'entry 1 location.latitude must be integer'],
    [entries({ latitude: 900_000_001, longitude: 0 }), 'entry 1 location.latitude must be <= 900000000'],
    [entries({ latitude: 0, longitude: -1_800_000_001 }), 'entry 1 location.longitude must be >= -1800000000'],
    ['[{"location": {"latitude": 1, "longitude": 1}, "name": 7}]', 'entry 1 name must be string'],
  ])('that is %j says so in one line', (content, problem) => {
    const file = fileOf(content)

    const error = errorOf(() => loadPlaces(file))

    expect(error).toBeInstanceOf(StartError)
    expect(error.message).toContain(`${file}: ${problem}`)
    expect(error.message).not.toContain('\n')
  })

  it('that is not there says so', () => {
    const file = join(folder, 'absent.json')

    expect(errorOf(() => loadPlaces(file))).toEqual(new StartError(`${file}: there is no such file`))
  })

  function fileOf(content: string): string {
    const file = join(folder, 'places.json')
    writeFileSync(file, content)
    return file
  }
})

function entries(...locations: object[]): string {
  return JSON.stringify(locations.map((location) => ({ location, name: 'Somewhere' })))
}

function errorOf(action: () => unknown): Error {
  try {
    action()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}

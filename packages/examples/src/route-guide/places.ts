import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Feature, Point } from '@books/proto'
import { StartError } from '@books/runtime'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { maxLatitude, maxLongitude } from './earth.ts'

/** A feature whose location is known. */
export interface Place extends Feature {
  location: Point
}

const ownFile = fileURLToPath(new URL('./places.json', import.meta.url))

const placesSchema = Type.Array(
  Type.Object({
    location: Type.Object({
      latitude: Type.Integer({ minimum: -maxLatitude, maximum: maxLatitude }),
      longitude: Type.Integer({ minimum: -maxLongitude, maximum: maxLongitude }),
    }),
    name: Type.String(),
  }),
)

/**
 * Reads places from a JSON file in the format of gRPC's own examples, `places.json` by default. Fails with a `StartError` that
 * names the first invalid entry and what is wrong with it.
 */
export function loadPlaces(file = ownFile): Place[] {
  const content = readJson(file)
  const [problem] = Value.Errors(placesSchema, content)
  if (problem) throw new StartError(`${file}: ${describe(problem)}`)
  return content as Place[]
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const problem = error instanceof SyntaxError ? `is not JSON: ${message}` : message
    // The message may quote several lines of the file.
    throw new StartError(`${file}: ${code === 'ENOENT' ? 'there is no such file' : problem.replaceAll(/\s+/g, ' ')}`)
  }
}

function describe({ instancePath, message }: { instancePath: string; message: string }): string {
  const [, entry, ...path] = instancePath.split('/')
  if (entry === undefined) return message
  return [`entry ${Number(entry) + 1}`, ...(path.length > 0 ? [path.join('.')] : []), message].join(' ')
}

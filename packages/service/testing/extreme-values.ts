import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf'

/** A message as an object for `create` of @bufbuild/protobuf. */
export type Message = Record<string, unknown>

/** The greatest number of values of a repeated field. */
const manyValues = 20_000
const longText = 'x'.repeat(100_000)

const ints = [1, -1, 2 ** 31 - 1, -(2 ** 31)]
const unsignedInts = [1, 2 ** 32 - 1]
// Seconds from 1970 just outside of what a Timestamp, a timestamp of PostgreSQL and a Date can hold are among them.
const seconds = [-62_135_596_801n, 253_402_300_800n, -210_900_000_000n, 8_640_000_000_001n]
const longs = [
  1n,
  -1n,
  2n ** 53n - 1n,
  2n ** 53n + 1n,
  -(2n ** 53n),
  2n ** 62n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  ...seconds,
]
const unsignedLongs = [1n, 2n ** 53n + 1n, 2n ** 64n - 1n]
const floats = [1, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3e38, 1e-45, -0]
const doubles = [...floats, Number.MAX_VALUE, Number.MIN_VALUE]
const texts = [
  'a',
  '\0',
  'a\0b',
  '\u200b',
  '\ufeff',
  '\u202e\u0301',
  "'; --",
  '%_\\',
  '\r\n',
  '📚'.repeat(1_000),
  longText,
]
// As tokens and times may be, with values of the wrong kind in them.
const tokens = ['{}', '[]', 'null', '1e999', '["\\ud800"]'].flatMap((text) => [
  text,
  Buffer.from(text).toString('base64url'),
])
const times = ['0000-00-00', '-271821-04-20T00:00:00Z', '+275760-09-13T00:00:00Z']

const valuesOfScalar: Record<ScalarType, readonly unknown[]> = {
  [ScalarType.INT32]: ints,
  [ScalarType.SINT32]: ints,
  [ScalarType.SFIXED32]: ints,
  [ScalarType.UINT32]: unsignedInts,
  [ScalarType.FIXED32]: unsignedInts,
  [ScalarType.INT64]: longs,
  [ScalarType.SINT64]: longs,
  [ScalarType.SFIXED64]: longs,
  [ScalarType.UINT64]: unsignedLongs,
  [ScalarType.FIXED64]: unsignedLongs,
  [ScalarType.FLOAT]: floats,
  [ScalarType.DOUBLE]: doubles,
  [ScalarType.BOOL]: [true],
  [ScalarType.STRING]: [...texts, ...tokens, ...times],
  [ScalarType.BYTES]: [Uint8Array.of(1), Uint8Array.of(0), Buffer.alloc(100_000, 0xff)],
}

// Messages may contain themselves.
const maxDepth = 3

/** Values of the type of a field: a plausible one first, then those at the limits of what its type can hold. */
function extremeValuesOf(field: DescField, depth = 0): readonly unknown[] {
  if (field.fieldKind === 'map') return []
  const single = singleValuesOf(field, depth)
  if (field.fieldKind !== 'list') return single
  const [plausible] = single
  return [...single.map((value) => [value]), [plausible, plausible], Array(manyValues).fill(plausible)]
}

function singleValuesOf(field: DescField, depth: number): readonly unknown[] {
  if (field.enum) return [...field.enum.values.map(({ number }) => number).toReversed(), 99, ...ints]
  if (field.message) return depth === maxDepth ? [{}] : [...extremeMessagesOf(field.message, depth + 1)]
  return field.scalar === undefined ? [] : valuesOfScalar[field.scalar]
}

/**
 * Messages of a type: a plausible one; the same, and the empty one, with each value of each field in turn; and `random` ones with
 * any values, as a value may be refused before another is looked at. `chance` returns a number in [0, 1).
 */
export function* extremeMessagesOf(
  desc: DescMessage,
  depth = 0,
  { random = 0, chance = Math.random }: { random?: number; chance?: () => number } = {},
): Generator<Message> {
  const fields = desc.fields.map((field) => ({ field, values: extremeValuesOf(field, depth) }))
  const plausible = mergeAll(fields.map(({ field, values }) => assignment(field, values[0])))
  yield plausible
  for (const { field, values } of fields) {
    for (const value of values) {
      yield assignment(field, value)
      if (fields.length > 1) yield { ...plausible, ...assignment(field, value) }
    }
  }
  for (let made = 0; made < random; made++) {
    const some = fields.filter(() => chance() < 0.7)
    yield mergeAll(some.map(({ field, values }) => assignment(field, pick(values, chance))))
  }
}

// Half of them plausible, so that the others are looked at.
function pick(values: readonly unknown[], chance: () => number): unknown {
  return chance() < 0.5 ? values[0] : values[Math.floor(chance() * values.length)]
}

function assignment({ oneof, localName }: DescField, value: unknown): Message {
  if (value === undefined) return {}
  return oneof ? { [oneof.localName]: { case: localName, value } } : { [localName]: value }
}

function mergeAll(messages: readonly Message[]): Message {
  return Object.assign({}, ...messages)
}

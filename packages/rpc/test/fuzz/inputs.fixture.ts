import * as fc from 'fast-check'
import { HealthCheckRequest } from '../../src/gen/grpc/health/v1/health.ts'
import { callBlock, data, headers, ping, preface, settings, windowUpdate } from '../abuse/frames.fixture.ts'
import { CountRequest, type Tree } from '../gen/books/fuzz/v1/tree.ts'

/** A call to send, with headers and a body that may be invalid. */
export interface CallInput {
  path: string
  headers: Record<string, string>
  body: Uint8Array
  /** Whether the caller ends its stream; otherwise it cancels. */
  ends: boolean
}

/** Bytes for a connection that may not be HTTP/2. */
export interface ConnectionInput {
  bytes: Uint8Array
}

const tree = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.record({
    name: fc.string({ unit: 'binary', maxLength: 10 }),
    branches: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie('tree'), { maxLength: 3 })),
    named: fc.oneof(
      { maxDepth: 3 },
      fc.constant({}),
      fc.dictionary(fc.string({ maxLength: 5 }), tie('tree'), { maxKeys: 2 }),
    ),
    numbers: fc.array(fc.maxSafeInteger(), { maxLength: 5 }),
    weight: fc.double(),
    colour: fc.nat(),
    bark: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    season: fc.constantFrom(0, 1, 2, -1),
    graft: fc.constant(undefined),
    cut: fc.option(fc.string({ maxLength: 5 }), { nil: undefined }),
  }) as fc.Arbitrary<Tree>,
})).tree

const valid = fc.oneof(
  tree.map((each) => CountRequest.encode({ tree: each }).finish()),
  fc.string({ maxLength: 30 }).map((name) => HealthCheckRequest.encode({ service: name }).finish()),
)

// Field 1 is the tree of a request, 2 the branches and 9 the graft of a tree; 7 is a number for a field of no message.
const nested = fc
  .record({ depth: fc.integer({ min: 1, max: 20_000 }), field: fc.constantFrom(2, 9), isClosed: fc.boolean() })
  .map(({ depth, field, isClosed }) => (isClosed ? deepTree(depth, field) : Buffer.alloc(depth, (7 << 3) | 3)))

const messages = fc.oneof(
  { weight: 20, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  { weight: 60, arbitrary: mutated(valid) },
  { weight: 10, arbitrary: valid },
  { weight: 1, arbitrary: nested },
)

const framed = fc
  .record({
    message: messages,
    flag: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.constant(1) }, fc.nat(255)),
    // How far the declared length exceeds the real one.
    extra: fc.oneof(
      { weight: 6, arbitrary: fc.constant(0) },
      fc.integer({ min: -5, max: 5 }),
      fc.constantFrom(0x7fffffff, 0xffffffff),
    ),
  })
  .map(({ message, flag, extra }) => {
    const head = Buffer.alloc(5)
    head.writeUInt8(flag)
    head.writeUInt32BE(Math.min(Math.max(message.length + extra, 0), 0xffffffff), 1)
    return Buffer.concat([head, message])
  })

const bodies = fc.oneof(
  { weight: 10, arbitrary: framed },
  { weight: 2, arbitrary: fc.array(framed, { maxLength: 4 }).map((several) => Buffer.concat(several)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 50 }) },
)

const paths = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.constantFrom(
      '/books.fuzz.v1.TreeService/Count',
      '/books.fuzz.v1.TreeService/CountEach',
      '/grpc.health.v1.Health/Check',
    ),
  },
  printable(20).map((path) => `/${path}`),
)

const contentTypes = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('application/grpc', 'application/grpc+proto') },
  fc.constantFrom('application/grpc+json', 'application/grpc-web', 'application/json', 'text/html', ''),
  printable(20),
)

const moreHeaders = fc.record(
  {
    'grpc-timeout': fc.oneof(fc.constantFrom('1S', '5S', '0n', '99999999H', '-1S', '1', 'soon'), printable(10)),
    'grpc-encoding': fc.oneof(fc.constantFrom('identity', 'gzip', 'deflate', 'snappy'), printable(10)),
    'x-note-bin': printable(20),
    'x-note': printable(20),
    'grpc-status': fc.constant('0'),
  },
  { requiredKeys: [] },
)

/** Calls with invalid parts. */
export const callInputs: fc.Arbitrary<CallInput> = fc
  .record({
    path: paths,
    contentType: contentTypes,
    more: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, moreHeaders),
    body: bodies,
    ends: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, fc.constant(false)),
  })
  .map(({ path, contentType, more, body, ends }) => ({
    path,
    headers: { 'content-type': contentType, te: 'trailers', ...(more as Record<string, string>) },
    body,
    ends,
  }))

const conversation = fc
  .record({ body: bodies, path: paths, isWhole: fc.boolean() })
  .map(({ body, path, isWhole }) =>
    Buffer.concat([
      preface,
      settings({ 4: 65_535 }),
      headers(1, callBlock(path), isWhole),
      windowUpdate(0, 1_000),
      data(1, Buffer.from(body.subarray(0, 16_384)), true),
      ping,
    ]),
  )

/** Connections with invalid bytes, some after a valid beginning. */
export const connectionInputs: fc.Arbitrary<ConnectionInput> = fc
  .oneof({ weight: 4, arbitrary: mutated(conversation) }, fc.uint8Array({ maxLength: 200 }))
  .map((bytes) => ({ bytes }))

/** Bytes with some replaced, inserted, removed, repeated or truncated. */
function mutated(original: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const mutation = fc.record({
    kind: fc.constantFrom('replace', 'insert', 'remove', 'double', 'cut'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    byte: fc.nat(255),
  })
  return fc.tuple(original, fc.array(mutation, { minLength: 1, maxLength: 4 })).map(([bytes, mutations]) => {
    let result = Buffer.from(bytes)
    for (const { kind, at, byte } of mutations) {
      const index = Math.floor(at * result.length)
      const [before, after] = [result.subarray(0, index), result.subarray(index)]
      if (kind === 'replace') result = Buffer.concat([before, Buffer.from([byte]), after.subarray(1)])
      if (kind === 'insert') result = Buffer.concat([before, Buffer.from([byte]), after])
      if (kind === 'remove') result = Buffer.concat([before, after.subarray(1)])
      if (kind === 'double') result = Buffer.concat([before, after, after])
      if (kind === 'cut') result = before
    }
    return result
  })
}

/** Nested trees, encoded from the innermost outwards. */
function deepTree(depth: number, field: number): Uint8Array {
  const pieces: Buffer[] = []
  let length = 0
  for (let level = depth; level > 0; level--) {
    const piece = Buffer.from([((level === 1 ? 1 : field) << 3) | 2, ...varint(length)])
    pieces.unshift(piece)
    length += piece.length
  }
  return Buffer.concat(pieces)
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]
}

/** Values of a header. */
function printable(maxLength: number): fc.Arbitrary<string> {
  const characters = fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f)
  return fc.array(characters, { maxLength }).map((codes) => String.fromCharCode(...codes).trim())
}

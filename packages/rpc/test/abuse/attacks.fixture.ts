import { randomBytes } from 'node:crypto'
import {
  callBlock,
  continuation,
  data,
  frame,
  grpcMessage,
  headerBlock,
  headers,
  ping,
  preface,
  priority,
  reset,
  settings,
} from './frames.fixture.ts'

/** An attack on HTTP/2: the bytes that it sends, in pieces, as fast as the server accepts them. */
export interface Attack {
  name: string
  /** A flood sends too much; a slow attack keeps the server waiting. */
  pace: 'flood' | 'slow'
  send(): Iterable<Buffer>
  /** Whether the attacker reads nothing. */
  isDeaf?: boolean
  /** Whether the attacker replies to pings, as a live client does. */
  isPolite?: boolean
}

const greet = '/test.Tour/Greet'
const count = '/test.Tour/Count'
const hello = Buffer.concat([preface, settings()])

/** The name whose greeting has a quarter of a megabyte. */
export const bigName = 'Everyone'

/** Twelve kinds of attack, some in two forms. */
export const attacks: readonly Attack[] = [
  { name: 'rapid reset', pace: 'flood', send: () => flood((i) => [headers(odd(i), callBlock(greet)), reset(odd(i))]) },
  { name: 'PING flood', pace: 'flood', send: () => flood(() => [ping]) },
  { name: 'PING flood, answers unread', pace: 'flood', isDeaf: true, send: () => flood(() => [ping]) },
  { name: 'SETTINGS flood', pace: 'flood', send: () => flood(() => [settings({ 4: 65_535 })]) },
  {
    name: 'empty DATA flood',
    pace: 'flood',
    send: () => flood((i) => (i === 0 ? [headers(1, callBlock(greet))] : [data(1, Buffer.alloc(0))])),
  },
  {
    name: 'CONTINUATION flood',
    pace: 'flood',
    send: () =>
      flood((i) =>
        i === 0 ? [headers(1, callBlock(greet), false)] : [continuation(1, headerBlock({ 'x-more': String(i) }))],
      ),
  },
  { name: 'PRIORITY flood', pace: 'flood', send: () => flood((i) => [priority(odd(i % 1000))]) },
  {
    name: '10,000 open streams',
    pace: 'flood',
    *send() {
      yield hello
      for (let i = 0; i < 10_000; i++) yield headers(odd(i), callBlock(greet))
    },
  },
  {
    name: 'half-sent headers',
    pace: 'slow',
    send: () => [hello, headers(1, callBlock(greet), false)],
  },
  {
    name: 'half a HEADERS frame',
    pace: 'slow',
    send: () => [hello, headers(1, callBlock(greet)).subarray(0, 40)],
  },
  { name: 'idle before the preface', pace: 'slow', send: () => [] },
  { name: 'half a preface', pace: 'slow', send: () => [preface.subarray(0, 10)] },
  {
    name: 'window held at zero, one long answer',
    pace: 'slow',
    isPolite: true,
    send: () => [
      preface,
      settings({ 4: 0 }),
      headers(1, callBlock(count)),
      data(1, grpcMessage(Buffer.from('{"to":1000000000}')), true),
    ],
  },
  {
    name: 'window held at zero, many answers',
    pace: 'slow',
    isPolite: true,
    *send() {
      yield preface
      yield settings({ 4: 0 })
      for (let i = 0; i < 130; i++) {
        yield headers(odd(i), callBlock(greet))
        yield data(odd(i), grpcMessage(Buffer.from(JSON.stringify({ name: bigName }))), true)
      }
    },
  },
  {
    name: 'oversized headers',
    pace: 'flood',
    send: () =>
      flood((i) => {
        const block = callBlock(
          greet,
          Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`x-${n}`, 'y'.repeat(10_000)])),
        )
        const [first = Buffer.alloc(0), ...others] = pieces(block)
        const last = others.pop() ?? Buffer.alloc(0)
        return [
          headers(odd(i), first, false),
          ...others.map((piece) => continuation(odd(i), piece)),
          frame(9, 4, odd(i), last),
        ]
      }),
  },
  {
    name: 'garbage bytes',
    pace: 'flood',
    *send() {
      for (;;) yield randomBytes(4096)
    },
  },
  {
    name: 'garbage after the preface',
    pace: 'flood',
    *send() {
      yield hello
      for (;;) yield randomBytes(4096)
    },
  },
]

/** Endless frames, in writes of about 16 KiB. */
function* flood(framesOf: (index: number) => Buffer[]): Generator<Buffer> {
  yield hello
  let batch: Buffer[] = []
  let size = 0
  for (let i = 0; ; i++) {
    for (const each of framesOf(i)) {
      batch.push(each)
      size += each.length
    }
    if (size < 16_384) continue
    yield Buffer.concat(batch)
    batch = []
    size = 0
  }
}

function pieces(bytes: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / 16_384) }, (_, i) =>
    bytes.subarray(i * 16_384, (i + 1) * 16_384),
  )
}

// A client's streams have odd numbers.
function odd(index: number): number {
  return index * 2 + 1
}

import { MockExecService } from '@books/proto'
import { type Client, createClient, Status } from '@books/rpc'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { run, start } from './exec-server.fixture.ts'

// All that a snippet finds: the language, print and console.
const globals = [
  ...['print', 'console', 'globalThis', 'undefined', 'NaN', 'Infinity', 'eval', 'escape', 'unescape'],
  ...['parseInt', 'parseFloat', 'isNaN', 'isFinite', 'decodeURI', 'decodeURIComponent', 'encodeURI'],
  ...['encodeURIComponent', 'Object', 'Function', 'Boolean', 'Symbol', 'Number', 'BigInt', 'Math', 'Date', 'String'],
  ...['RegExp', 'JSON', 'Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'],
  ...['InternalError', 'AggregateError', 'Array', 'Iterator', 'Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef'],
  ...['FinalizationRegistry', 'Promise', 'Proxy', 'Reflect', 'ArrayBuffer', 'SharedArrayBuffer', 'DataView'],
  ...['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array'],
  ...['BigInt64Array', 'BigUint64Array', 'Float16Array', 'Float32Array', 'Float64Array', 'Symbol(Symbol.toStringTag)'],
]

let server: Awaited<ReturnType<typeof start>>
let client: Client<typeof MockExecService>

// One sandbox runs all the snippets, one after the other.
beforeAll(async () => {
  server = await start({ SANDBOXES: 1, RUN_MS: 600_000 })
  client = createClient(MockExecService, { address: `127.0.0.1:${server.port}`, deadlineMs: 60_000 })
})
afterAll(async () => {
  client.close()
  await server.stop()
})

describe('a snippet', () => {
  it('finds the language, print and console, and nothing else', async () => {
    const { output, error } = await run(client, 'print(Reflect.ownKeys(globalThis).map(String).join("\\n"))')

    expect(error).toBe('')
    expect(output.trim().split('\n').sort()).toEqual(globals.sort())
  })

  it('reaches no function but print and those of its own engine, wherever it goes', async () => {
    const { output, error } = await run(client, `const made = ${made}; print(JSON.stringify((${walk.toString()})()))`)

    expect(error).toBe('')
    const { places, foreign } = JSON.parse(output)
    expect(places).toBeGreaterThan(500)
    expect(foreign).toEqual(['globalThis.print'])
  })

  it.each([
    ['typeof require + typeof process + typeof module + typeof global', 'undefined'.repeat(4)],
    ['typeof fetch + typeof setTimeout + typeof performance + typeof WebAssembly', 'undefined'.repeat(4)],
    ['constructor.constructor("return typeof process")()', 'undefined'],
    ['print.constructor("return this")() === globalThis', 'true'],
    ['console.log.constructor.constructor === Function', 'true'],
    ['new Function("return typeof process")()', 'undefined'],
    ['(0, eval)("typeof process")', 'undefined'],
    ['await (async () => {}).constructor("return typeof process")()', 'undefined'],
    ['(function* () {}).constructor("yield typeof process")().next().value', 'undefined'],
    [
      'await import("fs").catch((error) => error instanceof ReferenceError && error.message)',
      "could not load module 'fs'",
    ],
    ['await import("node:process").then(Object.keys, () => "refused")', 'refused'],
    ['(Error.prepareStackTrace = (_, frames) => frames, typeof new Error().stack)', 'string'],
    ['typeof (function () { return arguments.callee.caller })()?.caller', 'undefined'],
    ['Object.getPrototypeOf(print) === Function.prototype', 'true'],
    ['{ [Symbol.for("nodejs.util.inspect.custom")]: 1 }', '{ [Symbol(nodejs.util.inspect.custom)]: 1 }'],
    ['{ toJSON: 1, then: 2, valueOf: 3 }', '{ toJSON: 1, then: 2, valueOf: 3 }'],
  ])('finds no way out by %s', async (escape, shown) => {
    expect(await run(client, `print(${escape})`)).toEqual({ output: `${shown}\n`, error: '' })
  })

  it('prints what it should after it has changed whatever it can', async () => {
    const values = "[1, ['a', { b: new Map([[1, 2]]), c: new Set(['d']) }], new Date(0), -0, 2n, print, Symbol('s')]"
    const shown =
      '[ 1, [ "a", { b: Map(1) { 1 => 2 }, c: Set(1) { "d" } } ], 1970-01-01T00:00:00.000Z, -0, 2n, [Function: print], Symbol(s) ]'

    const { output, error } = await run(
      client,
      `const values = ${values}, end = Error('end'); (${tamper.toString()})(); print(values); throw end`,
    )

    expect(output).toBe(`${shown}\n`)
    expect(error).toMatch(/^Error: end\n/)
  })
})

describe('between two snippets', () => {
  const look = `print(JSON.stringify({
    left: typeof left, also: typeof also, inherited: {}.left, listed: [].left, registered: Reflect.ownKeys(Symbol).length,
    own: Reflect.ownKeys(globalThis).length, push: [].push.name, text: String({}), made: (() => {}).left, date: Date.left
  }))`
  const leave = `var left = 1; globalThis.also = 2; Object.prototype.left = 3; Array.prototype.left = 4; Date.left = 5
    Function.prototype.left = 6; Array.prototype.push = () => {}; Object.prototype.toString = () => 'left'
    print.left = 7; console.log = undefined;`

  it.each([
    ['an end', '', ''],
    ['an error', 'throw new Error("left")', 'Error: left'],
    ['a syntax error', 'eval("(")', 'SyntaxError'],
    ['a promise that nothing settles', 'await new Promise(() => {})', 'nothing settles'],
    [
      'jobs that are left over',
      'for (let i = 0; i < 1e4; i++) Promise.resolve().then(() => {}); throw 1',
      'Uncaught 1',
    ],
    ['a full memory', 'for (const a = []; ; ) a[a.length] = {}', 'out of memory'],
    ['a full stack', '(function f() { f() })()', 'stack overflow'],
    ['an engine that gave up', 'eval("(".repeat(1e5))', 'stack overflow'],
    ['a full output', 'while (true) print("left")', 'printed more than 64 KB'],
  ])('nothing is carried over after %s', async (_, end, error) => {
    const before = await run(client, look)
    const outcome = await run(client, leave + end)
    const after = await run(client, look)

    expect(before).toEqual({ output: expect.stringContaining('"left":"undefined"'), error: '' })
    expect(outcome.error).toContain(error)
    expect(after).toEqual(before)
  })

  it.each([
    ['a loop', 'while (true);'],
    ['a loop that only the end of its thread ends', 'new Array(2 ** 32 - 1).indexOf(1)'],
  ])('nothing is carried over after %s', async (_, end) => {
    const before = await run(client, look)
    const left = run(client, `${leave} print("left"); ${end}`, { deadlineMs: 300 })
    const after = run(client, look)

    await expect(left).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED })
    expect(await after).toEqual(before)
  })
})

const made =
  '[function* () {}, async () => {}, async function* () {}, Error(), /a/, [].values(), new Map().keys(), "".matchAll(/a/g)]'

/** Goes wherever properties and prototypes lead, inside the sandbox. Names the functions that are not the engine's own. */
function walk() {
  const places = new Set<unknown>()
  const foreign: string[] = []
  const next: [unknown, string][] = [[globalThis, 'globalThis']]
  for (const [value, path] of next) {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || places.has(value)) continue
    places.add(value)
    if (typeof value === 'function' && !Function.prototype.toString.call(value).endsWith('[native code]\n}'))
      foreign.push(path)
    next.push([Object.getPrototypeOf(value), `${path}.__proto__`])
    for (const key of Reflect.ownKeys(value)) {
      const { value: inner, get, set } = Object.getOwnPropertyDescriptor(value, key) ?? {}
      next.push([inner, `${path}.${String(key)}`], [get, `${path}.${String(key)}`], [set, `${path}.${String(key)}`])
    }
  }
  return { places: places.size, foreign }
}

/** Breaks all that printing could stumble over, inside the sandbox. */
function tamper() {
  const { defineProperty } = Object
  const owners = [Object, Array, String, Number, BigInt, Map, Set, Date, RegExp, ArrayBuffer, Function]
  const holders: object[] = [Reflect, JSON, Math, ...owners, ...owners.map(({ prototype }) => prototype)]
  const places = holders.flatMap((holder) => Reflect.ownKeys(holder).map((key) => ({ holder, key })))
  const value = () => {
    throw new Error('tampered')
  }
  for (let index = 0; index < places.length; index++) {
    const { holder = {}, key = '' } = places[index] ?? {}
    try {
      if (key !== 'constructor' && key !== 'name') defineProperty(holder, key, { value })
    } catch {
      // What cannot be redefined stays.
    }
  }
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Sandbox, startSandbox } from './sandbox.ts'

// The globals of a snippet: the language, print and console.
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

const { signal } = new AbortController()

// One thread runs all the snippets, one after the other.
let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox(600_000)
})
afterAll(() => sandbox.stop())

const run = (source: string) => sandbox.run(source, signal)

describe('a snippet', () => {
  it('has the language, print and console, and nothing else', async () => {
    const { output, error } = await run('print(Reflect.ownKeys(globalThis).map(String).join("\\n"))')

    expect(error).toBe('')
    expect(output.trim().split('\n').sort()).toEqual(globals.sort())
  })

  it('reaches no function but print and those of its own engine', async () => {
    const { output, error } = await run(`const made = ${made}; print(JSON.stringify((${walk.toString()})()))`)

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
  ])('does not get out by %s', async (escape, shown) => {
    expect(await run(`print(${escape})`)).toEqual({ output: `${shown}\n`, error: '' })
  })

  it.each([
    ['text as text', 'JSON.stringify = Reflect.apply = String.prototype.slice = () => ({})', 'text\n', ''],
    ['no more than 64 KB', 'Array.prototype.join = () => "x".repeat(1e6)', 'x'.repeat(64 * 1024), 'Ended: it printed'],
    ['nothing but an error', 'Array.prototype.map = () => { throw Error("own") }', '', 'Error: own'],
  ])('prints %s after it has replaced what printing uses', async (_, replace, output, error) => {
    expect(await run(`${replace}; print("text")`)).toEqual({ output, error: expect.stringContaining(error) })
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
    ['a promise that nothing settles', 'await new Promise(() => {})', 'nothing settles'],
    [
      'jobs that are left over',
      'for (let i = 0; i < 1e4; i++) Promise.resolve().then(() => {}); throw 1',
      'Uncaught 1',
    ],
    ['a full memory', 'for (const a = []; ; ) a[a.length] = new Uint8Array(1e5)', 'out of memory'],
    ['an engine that gave up', 'eval("(".repeat(1e5))', 'stack overflow'],
    ['a full output', 'while (true) print("left")', 'printed more than 64 KB'],
  ])('nothing is carried over after %s', async (_, end, error) => {
    const before = await run(look)
    const outcome = await run(leave + end)
    const after = await run(look)

    expect(before).toEqual({ output: expect.stringContaining('"left":"undefined"'), error: '' })
    expect(outcome.error).toContain(error)
    expect(after).toEqual(before)
  })
})

const made =
  '[function* () {}, async () => {}, async function* () {}, Error(), /a/, [].values(), new Map().keys(), "".matchAll(/a/g)]'

/** Follows all properties and prototypes, inside the sandbox. Lists the functions that are not the engine's own. */
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

import { MockExecService } from '@books/proto'
import { type Client, createClient, Status } from '@books/rpc'
import { readServiceSettings } from '@books/service'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { run, type Settings, start } from './exec-server.fixture.ts'
import { exec } from './service.ts'

type Exec = Client<typeof MockExecService>

const closers: (() => unknown)[] = []
let client: Exec
let hurriedClient: Exec

beforeAll(async () => {
  // Where a test is not about time, snippets have more of it than the slowest machine needs.
  client = await serve({ RUN_MS: 30_000 })
  hurriedClient = await serve({ RUN_MS: 100 })
})
afterAll(async () => {
  for (const close of closers) await close()
})

describe('Exec', () => {
  it('answers JSON with what was printed, and no error', async () => {
    const { resp } = await client.exec({ sourceCode: 'print(123)' })

    expect(resp).toBe('{"output":"123\\n","error":""}')
  })

  it.each([
    ['', ''],
    ['1 + 1', ''],
    ['print()', '\n'],
    ['print("a", 1, true); console.log("b")', 'a 1 true\nb\n'],
    ['console.info(1); console.debug(2); console.warn(3); console.error(4)', '1\n2\n3\n4\n'],
    ['answer = 42; print(this.answer, typeof window)', '42 undefined\n'],
    ['print(await Promise.resolve(7))', '7\n'],
    ['Promise.resolve("later").then(print); print("now")', 'now\nlater\n'],
    ['async function wait() { await null; print("done") }\nwait()', 'done\n'],
    ['for await (const n of (async function* () { yield 1; yield 2 })()) print(n)', '1\n2\n'],
    ['Promise.reject(1).catch((why) => print("caught", why))', 'caught 1\n'],
    ['print("Ça va? 📚", "nul\\0byte")', 'Ça va? 📚 nul\0byte\n'],
    ['print(typeof Date.now(), new Date(0).toISOString())', 'number 1970-01-01T00:00:00.000Z\n'],
  ])('runs %j', async (source, output) => {
    expect(await run(client, source)).toEqual({ output, error: '' })
  })

  it.each([
    ['[1, "a", , null, undefined, -0, 10n]', '[ 1, "a", empty, null, undefined, -0, 10n ]'],
    ['{ a: { b: [] }, "c d": {}, [Symbol("s")]: 1 }', '{ a: { b: [] }, c d: {}, [Symbol(s)]: 1 }'],
    ['[[[[[[6]]]]]]', '[ [ [ [ [ […] ] ] ] ] ]'],
    ['Array(1000).fill(0)', `[ ${'0, '.repeat(100)}… 900 more ]`],
    ['new Map([["a", 1]]), new Set([2])', 'Map(1) { "a" => 1 } Set(1) { 2 }'],
    ['new Uint8Array(2), new ArrayBuffer(2)', 'Uint8Array(2) [ 0, 0 ] ArrayBuffer {}'],
    ['new Date(0), new Date(NaN), /a/g', '1970-01-01T00:00:00.000Z Invalid Date /a/g'],
    ['Math.max, class Book {}, () => 1', '[Function: max] [Function: Book] [Function: anonymous]'],
    ['new (class Book { pages = 9 })()', 'Book { pages: 9 }'],
    ['Object.create(null), Object.create(Map.prototype)', '[no prototype] {} Map {}'],
    ['[new TypeError("no")]', '[ [TypeError: no] ]'],
    ['(() => { const me = {}; me.me = me; return me })()', '{ me: [Circular] }'],
    ['{ get me() { throw 1 }, toString() { throw 2 } }', '{ me: [Getter], toString: [Function: toString] }'],
    ['new Proxy([1, 2], {})', '[ 1, 2 ]'],
  ])('prints %s readably', async (values, shown) => {
    expect(await run(client, `print(${values})`)).toEqual({ output: `${shown}\n`, error: '' })
  })

  it('prints of what is huge only so much', async () => {
    const { output, error } = await run(
      client,
      'let a = [1]; for (let i = 0; i < 9; i++) a = Array(99).fill(a); print(a)',
    )

    expect(error).toBe('')
    expect(output.length).toBeLessThan(20_000)
  })

  it.each([
    ['throw new Error("no")', /^Error: no\n {4}at <eval> \(snippet\.js:1:16\)$/],
    [
      'function f() { null.x }\n\nf()',
      /^TypeError: cannot read property 'x' of null\n {4}at f .*:1:\d+\)\n.*:3:\d+\)$/,
    ],
    ['let a = 1\nlet b = ;', /^SyntaxError: .*\n {4}at snippet\.js:2:9$/],
    ['import fs from "fs"', /^SyntaxError: /],
    ['absent()', /^ReferenceError: '?absent'? is not defined\n/],
    ['throw { code: 7 }', /^Uncaught { code: 7 }$/],
    ['throw null', /^Uncaught null$/],
    ['await Promise.reject(new RangeError("far"))', /^RangeError: far\n/],
    ['async function main() { throw new Error("lost") }\nmain()', /^Error: lost\n {4}at main \(snippet\.js:1:/],
    ['Promise.resolve().then(() => { throw "late" })', /^Uncaught "late"$/],
    ['await new Promise(() => {})', /^Ended: it awaits a promise that nothing settles$/],
    ['print(new Proxy({}, { ownKeys() { throw new Error("trap") } }))', /^Error: trap\n(?!.*<console>)/s],
    ['throw new Proxy({}, { ownKeys() { throw 1 } })', /^Uncaught, and nothing can be told of it$/],
    ['throw Object.defineProperty(Error(), "message", { get() { throw 1 } })', /^an error that cannot be shown/],
    ['throw new Error("x".repeat(1e6))', /^Error: x{4000,4096}$/],
    ['throw new Error("\\ud800!")', /^Error: \ufffd!\n/],
  ])('tells what is wrong with %j', async (source, error) => {
    expect(await run(client, source)).toEqual({ output: '', error: expect.stringMatching(error) })
  })

  it('keeps what was printed before an error', async () => {
    const outcome = await run(client, 'print("before"); throw "no"')

    expect(outcome).toEqual({ output: 'before\n', error: 'Uncaught "no"' })
  })

  it('answers well-formed Unicode, whatever is printed', async () => {
    const { resp } = await client.exec({ sourceCode: 'print("\\ud800 \\udc00", ["\\ud800"], "\\0\\x07\\u2028")' })

    expect(resp.isWellFormed()).toBe(true)
    expect(JSON.parse(resp)).toEqual({ output: '\ufffd \ufffd [ "\\ud800" ] \0\x07\u2028\n', error: '' })
  })

  it('refuses a snippet of more than 64 KB, and names the field', async () => {
    const most = `print("é")${' '.repeat(64 * 1024 - 11)}`

    expect(await run(client, most)).toEqual({ output: 'é\n', error: '' })
    await expect(run(client, `${most} `)).rejects.toMatchObject({
      code: Status.INVALID_ARGUMENT,
      details: { badRequest: { fieldViolations: [{ field: 'source_code' }] } },
    })
  })
})

describe('output', () => {
  it('has room for 64 KB', async () => {
    const { output, error } = await run(client, 'print("x".repeat(64 * 1024 - 1))')

    expect([output.length, error]).toEqual([64 * 1024, ''])
  })

  it.each([
    ['in one piece', 'print("x".repeat(64 * 1024))'],
    ['line by line', 'while (true) print("x".repeat(1023))'],
    ['even if the snippet does not care', 'while (true) try { print("x".repeat(1e5)) } catch {}'],
    ['between two characters of more than a byte', 'print("x" + "é".repeat(33 * 1024))'],
  ])('is cut past that %s, and an error says so', async (_, source) => {
    const { output, error } = await run(client, source)

    expect(Buffer.byteLength(output)).toBeGreaterThan(64 * 1024 - 2)
    expect(Buffer.byteLength(output)).toBeLessThanOrEqual(64 * 1024)
    expect(output).not.toContain('\ufffd')
    expect(error).toBe('Ended: it printed more than 64 KB')
  })
})

describe('time', () => {
  it.each([
    ['in a loop', 'while (true);'],
    ['in a loop that catches', 'while (true) try { while (true); } catch {} finally { print("caught") }'],
    ['in a finally', 'try { while (true); } finally { print("caught") }'],
    ['in constructors of promises, which catch all', 'while (true) new Promise(() => { while (true); })'],
    ['in a job', 'Promise.resolve().then(() => { while (true); })'],
    ['in jobs without end', '(function again() { Promise.resolve().then(again) })()'],
    ['in an async function that catches', 'await (async () => { try { while (true); } catch {} })(); print("caught")'],
    ['in what it awaits', 'await { then() { while (true); } }'],
    ['in a generator', 'for (const _ of (function* () { while (true) yield 1 })());'],
    ['in a regular expression', '/^(a+)+$/.test("a".repeat(40) + "b")'],
    ['in a proxy that is printed', 'print(new Proxy({}, { ownKeys() { while (true); } }))'],
    ['in a proxy that is thrown', 'throw new Proxy({}, { ownKeys() { while (true); } })'],
    ['in an error that is thrown', 'throw Object.defineProperty(Error(), "message", { get() { while (true); } })'],
    ['in a method that never looks at the clock', 'new Array(2 ** 32 - 1).indexOf(1)'],
    ['in a long join', 'String(new Array(1e9))'],
    ['in a long search', '"a".repeat(3e6).indexOf("a".repeat(1.5e6) + "b")'],
    [
      'in pieces of memory that it never gets',
      'const a = []; while (true) try { a.push(new Uint8Array(1e6)) } catch {}',
    ],
    ['in large numbers', 'const x = 2n ** 200000n; while (true) x * x'],
  ])('runs out %s, and an error says so', async (_, source) => {
    expect(await run(hurriedClient, source)).toEqual({ output: '', error: 'Ended: it took too long' })
  })

  it('is a second where the settings do not say otherwise', () => {
    expect(readServiceSettings(exec, {})['RUN_MS']).toBe(1_000)
  })
})

describe('memory', () => {
  it('is 16 MB', async () => {
    const most = 'print(new Uint8Array(15.5 * 1024 * 1024).length)'
    const more = 'print(new Uint8Array(16.5 * 1024 * 1024).length)'

    expect(await run(client, most)).toEqual({ output: `${15.5 * 1024 * 1024}\n`, error: '' })
    expect(await run(client, more)).toEqual({ output: '', error: expect.stringContaining('out of memory') })
  })

  it.each([
    ['strings', 'const a = []; while (true) a.push("x".repeat(1e6))'],
    ['objects', 'const a = []; while (true) a.push({})'],
    ['objects that are let go of', '(() => { const a = []; while (true) a.push({}) })()'],
    ['arrays', 'const a = []; while (true) a.push(new Array(1e5).fill(1))'],
    ['buffers', 'const a = []; while (true) a.push(new Uint8Array(1e6))'],
    ['arguments', '(function f(...a) { f(...a, 1) })()'],
    ['entries', 'const m = new Map(); for (let i = 0; ; i++) m.set(i, i)'],
    ['jobs', 'while (true) Promise.resolve().then(() => {})'],
    ['proxies', 'let p = {}; while (true) p = new Proxy(p, {})'],
    ['replacements', '"a".repeat(1e6).replaceAll("a", "b".repeat(100))'],
    ['awaited objects', 'const a = []; while (true) { await null; a.push({ a }) }'],
  ])('cannot be filled with %s', async (_, source) => {
    const { output, error } = await run(client, source)

    expect([output, error]).toEqual(['', expect.stringContaining('out of memory')])
  })

  it.each([
    ['let s = "x"; while (true) s += s', /^InternalError: string too long/],
    ['new ArrayBuffer(2 ** 31)', /^RangeError: invalid array buffer length/],
    ['"x".repeat(2 ** 30)', /^RangeError: invalid string length/],
    ['2n ** (2n ** 40n)', /^RangeError: BigInt is too large/],
  ])('has no room for %s', async (source, error) => {
    expect(await run(client, source)).toEqual({ output: '', error: expect.stringMatching(error) })
  })
})

describe('the stack', () => {
  it('is deep enough for some thousand calls, and a snippet that asks for more may go on', async () => {
    const { output, error } = await run(
      client,
      'let n = 0; try { (function f() { n++; f() })() } catch (full) { print(full.message, n > 2000) }',
    )

    expect([output, error]).toEqual(['stack overflow true\n', ''])
  })

  it.each([
    ['functions', '(function f() { f() })()'],
    ['getters', 'const o = { get o() { return this.o } }; o.o'],
    ['proxies', 'const p = new Proxy({}, { get: (_, name, me) => me[name] }); p.x'],
    ['constructors', 'class Nest { constructor() { new Nest() } }; new Nest()'],
    ['callbacks', '(function f() { [1].map(f) })()'],
    ['lists', 'let a = []; for (let i = 0; i < 1e5; i++) a = [a]; String(a)'],
    ['JSON', 'JSON.parse("[".repeat(1e5))'],
    ['sources', 'eval("(".repeat(1e5))'],
    ['patterns', 'new RegExp("(?:".repeat(1e5) + ")".repeat(1e5))'],
  ])('does not hold endless %s', async (_, source) => {
    const { output, error } = await run(client, source)

    expect([output, error]).toEqual(['', expect.stringContaining('stack overflow')])
  })
})

async function serve(settings: Settings): Promise<Exec> {
  const server = await start(settings)
  const client = createClient(MockExecService, { address: `127.0.0.1:${server.port}`, deadlineMs: 60_000 })
  closers.push(client.close, server.stop)
  return client
}

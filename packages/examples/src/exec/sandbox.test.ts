import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Sandbox, startSandbox } from './sandbox.ts'

const { signal } = new AbortController()
// No snippet reaches it, however slow the machine is: tests of the time limit have a sandbox of their own.
const longMs = 600_000
// The engine does not poll for interrupts in here, so only the end of the thread ends it.
const nativeLoop = 'for (;;) new Array(2 ** 32 - 1).indexOf(1)'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox(longMs)
})
afterAll(() => sandbox.stop())

const run = (source: string) => sandbox.run(source, signal)

describe('a snippet', () => {
  it.each([
    ['', ''],
    ['print()', '\n'],
    ['print("a", 1, true); console.log("b")', 'a 1 true\nb\n'],
    ['console.info(1); console.debug(2); console.warn(3); console.error(4)', '1\n2\n3\n4\n'],
    ['answer = 42; print(this.answer, typeof window)', '42 undefined\n'],
    ['print(await Promise.resolve(7))', '7\n'],
    ['Promise.resolve("later").then(print); print("now")', 'now\nlater\n'],
    ['for await (const n of (async function* () { yield 1; yield 2 })()) print(n)', '1\n2\n'],
    ['Promise.reject(1).catch((why) => print("caught", why))', 'caught 1\n'],
    ['print("Ça va? 📚", "nul\\0byte", "half \\ud800")', 'Ça va? 📚 nul\0byte half \ufffd\n'],
    [
      'print([1, "a", null], { b: { c: 2n } }, new Map([["k", 1]]), new Set("de"))',
      '[1,"a",null] {"b":{"c":"2n"}} [["k",1]] ["d","e"]\n',
    ],
    ['print(undefined, null, Symbol("s"), 3n, () => 1)', 'undefined null Symbol(s) 3 () => 1\n'],
    ['print(new TypeError("no"))', 'TypeError: no\n    at <eval> (snippet.js:1:20)\n'],
  ])('%j prints %j', async (source, output) => {
    expect(await run(source)).toEqual({ output, error: '' })
  })

  it.each([
    [
      'function f() { null.x }\n\nf()',
      /^TypeError: cannot read property 'x' of null\n {4}at f .*:1:\d+\)\n.*:3:\d+\)$/,
    ],
    ['let a = 1\nlet b = ;', /^SyntaxError: .*\n {4}at snippet\.js:2:9$/],
    ['import fs from "fs"', /^SyntaxError: /],
    ['throw { code: 7 }', /^Uncaught {"code":7}$/],
    ['throw null', /^Uncaught null$/],
    ['await Promise.reject(new RangeError("far"))', /^RangeError: far\n/],
    ['async function main() { throw new Error("lost") }\nmain()', /^Error: lost\n {4}at main \(snippet\.js:1:/],
    ['await new Promise(() => {})', /^Ended: it awaits a promise that nothing settles$/],
    ['const me = {}; me.me = me; print(me)', /^TypeError: circular reference\n/],
    ['throw { toJSON() { throw 1 } }', /^Uncaught error that cannot be shown$/],
    ['throw new Error("x".repeat(1e6))', /^Error: x{4000,4096}$/],
    ['throw new Error("\\ud800!")', /^Error: \ufffd!\n/],
  ])('%j fails with its error', async (source, error) => {
    expect(await run(source)).toEqual({ output: '', error: expect.stringMatching(error) })
  })

  it('keeps what it printed before an error', async () => {
    expect(await run('print("before"); throw "no"')).toEqual({ output: 'before\n', error: 'Uncaught no' })
  })
})

describe('output', () => {
  it('has room for 64 KB', async () => {
    const { output, error } = await run('print("x".repeat(64 * 1024 - 1))')

    expect([output.length, error]).toEqual([64 * 1024, ''])
  })

  it.each([
    ['in one piece', 'print("x".repeat(64 * 1024))'],
    ['line by line', 'while (true) print("x".repeat(1023))'],
    ['by a snippet that catches every error', 'while (true) try { print("x".repeat(1023)) } catch {}'],
    ['between two characters of several bytes', 'print("x" + "é".repeat(33 * 1024))'],
  ])('is cut at 64 KB %s, and an error says so', async (_, source) => {
    const { output, error } = await run(source)

    expect(Buffer.byteLength(output)).toBeGreaterThan(64 * 1024 - 2)
    expect(Buffer.byteLength(output)).toBeLessThanOrEqual(64 * 1024)
    expect(output).not.toContain('\ufffd')
    expect(error).toBe('Ended: it printed more than 64 KB')
  })
})

describe('time', () => {
  it.each([
    ['a loop that catches', 'while (true) try { while (true); } catch {} finally { print("caught") }'],
    ['jobs without end', '(function again() { Promise.resolve().then(again) })()'],
    ['a description of what was thrown', 'throw { toJSON() { while (true); } }'],
  ])('runs out in %s: an error says so, and the thread ends', async (_, source) => {
    const hurried = await startSandbox(50)

    expect(await hurried.run(source, signal)).toEqual({ output: '', error: 'Ended: it took too long' })
    expect(hurried.isUsable()).toBe(false)
  })

  it('runs out in native code, too, and what was printed before is kept', async () => {
    const hurried = await startSandbox(1_000)

    const outcome = await hurried.run(`print("begun"); ${nativeLoop}`, signal)

    expect(outcome).toEqual({ output: 'begun\n', error: 'Ended: it took too long' })
  })

  it.each([
    ['a loop', 'while (true);'],
    ['native code', nativeLoop],
  ])('ends in %s when the signal aborts', async (_, source) => {
    const cancelled = await startSandbox(longMs)
    const controller = new AbortController()

    const running = cancelled.run(source, controller.signal)
    controller.abort()

    await expect(running).rejects.toThrow('abort')
    expect(cancelled.isUsable()).toBe(false)
  })
})

describe('memory', () => {
  it('is 16 MB', async () => {
    const fits = await run('print(new Uint8Array(15.5 * 1024 * 1024).length)')
    const tooLarge = await run('new Uint8Array(16.5 * 1024 * 1024)')

    expect(fits).toEqual({ output: `${15.5 * 1024 * 1024}\n`, error: '' })
    expect(tooLarge).toEqual({ output: '', error: expect.stringContaining('out of memory') })
  })

  // Large pieces fill the memory in a few steps; small ones leave no room for the error itself.
  it.each([
    ['strings', 'const a = []; while (true) a.push("x".repeat(1e6))'],
    ['awaited buffers', 'const a = []; while (true) { await null; a.push(new Uint8Array(1e5)) }'],
    ['jobs', 'while (true) Promise.resolve().then(() => {})'],
    ['proxies', 'let p = {}; while (true) p = new Proxy(p, {})'],
    ['arguments', '(function f(...a) { f(...a, 1) })()'],
    ['replacements', '"a".repeat(1e6).replaceAll("a", "b".repeat(100))'],
  ])('cannot be filled with %s', async (_, source) => {
    expect(await run(source)).toEqual({ output: '', error: expect.stringContaining('out of memory') })
  })
})

describe('the stack', () => {
  it('has room for some thousand calls, and a snippet may catch its overflow', async () => {
    const { output } = await run(
      'let n = 0; try { (function f() { n++; f() })() } catch (e) { print(e.message, n > 2000) }',
    )

    expect(output).toBe('stack overflow true\n')
  })

  it.each([
    ['functions', '(function f() { f() })()'],
    ['proxies', 'const p = new Proxy({}, { get: (_, name, me) => me[name] }); p.x'],
    ['lists', 'let a = []; for (let i = 0; i < 1e5; i++) a = [a]; String(a)'],
    ['JSON', 'JSON.parse("[".repeat(1e5))'],
    ['sources', 'eval("(".repeat(1e5))'],
    ['patterns', 'new RegExp("(?:".repeat(1e5) + ")".repeat(1e5))'],
  ])('does not hold endless %s', async (_, source) => {
    expect(await run(source)).toEqual({ output: '', error: expect.stringContaining('stack overflow') })
  })
})

import { setImmediate } from 'node:timers/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import { compileEngine } from './engine.ts'
import { type SandboxOptions, startSandbox } from './sandbox.ts'

const loop = 'print("begun"); while (true);'
const deafLoop = 'print("begun"); for (;;) new Array(2 ** 32 - 1).indexOf(1)'
const never = 600_000
const { signal } = new AbortController()

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

describe('a sandbox', () => {
  it('ends a loop, and lives on', async () => {
    const sandbox = await start({ runMs: 1_000, graceMs: never })

    const outcome = await sandbox.run(loop, signal)

    expect(outcome).toEqual({ output: 'begun\n', error: 'Ended: it took too long' })
    expect(sandbox.isUsable()).toBe(true)
  })

  it('ends with a loop that never looks at the clock, and still tells what was printed', async () => {
    const sandbox = await start({ runMs: 1_000, graceMs: 0 })

    const outcome = await sandbox.run(deafLoop, signal)

    expect(outcome).toEqual({ output: 'begun\n', error: 'Ended: it took too long' })
    expect(sandbox.isUsable()).toBe(false)
    await expect(sandbox.ended).resolves.toBeUndefined()
  })

  it('ends a loop whose caller goes away, and lives on', async () => {
    const sandbox = await start({ runMs: never, graceMs: never })
    const leaving = new AbortController()

    const left = sandbox.run(loop, leaving.signal)
    leaving.abort()
    await left
    const next = await sandbox.run('print("next")', signal)

    expect(next).toEqual({ output: 'next\n', error: '' })
  })

  it('is not used again where its answer comes just as it is given up', async () => {
    const sandbox = await start({ runMs: never, graceMs: 0 })
    const leaving = new AbortController()

    const left = sandbox.run(loop, leaving.signal)
    // Holds this thread up until the answer is there, too; after an immediate, it looks at its timers before that.
    await setImmediate()
    leaving.abort()
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
    await left
    const next = sandbox.isUsable() ? await sandbox.run('print("next")', signal) : undefined

    expect([undefined, { output: 'next\n', error: '' }]).toContainEqual(next)
  })

  it('ends where its thread fails, and tells with what', async () => {
    const faults: unknown[] = []
    const code = await WebAssembly.compile(Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0))
    const sandbox = await start({ code, runMs: never, graceMs: never, onFault: (fault) => faults.push(fault) })

    const outcome = await sandbox.run('print(1)', signal)

    expect(outcome).toEqual({ output: '', error: 'Ended: the sandbox broke down' })
    expect(sandbox.isUsable()).toBe(false)
    expect(faults).toMatchObject([{ name: 'TypeError' }])
  })
})

async function start(options: Partial<SandboxOptions> & Pick<SandboxOptions, 'runMs' | 'graceMs'>) {
  const sandbox = await startSandbox({ code: await compileEngine(), onFault() {}, ...options })
  closers.push(sandbox.stop)
  return sandbox
}

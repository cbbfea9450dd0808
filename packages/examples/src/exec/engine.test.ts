import { describe, expect, it } from '@jest/globals'
import { bounds } from './bounds.ts'
import { compileEngine, createEngine } from './engine.ts'

describe('an engine', () => {
  it('has a memory that cannot grow, and tells when it was used up', async () => {
    const engine = await createEngine(await compileEngine())
    const memory = engine.quickJs.getWasmMemory()
    const context = engine.quickJs.newContext()

    const before = engine.wasExhausted()
    context.evalCode('for (const all = []; ; ) all.push({})')

    expect([before, engine.wasExhausted()]).toEqual([false, true])
    expect(memory.buffer.byteLength).toBe(bounds.memoryBytes)
    expect(() => memory.grow(1)).toThrow(RangeError)
  })
})

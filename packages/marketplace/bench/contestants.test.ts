import type { Stage } from '@books/rpc/bench'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { acceptEncodings } from './accept-encodings.ts'
import { contestants } from './contestants.ts'
import { openStage, type Turn } from './stage.ts'

// Enough to see that each contestant answers; not a measurement.
const short = { seconds: 0.01, inFlight: 2 }

describe('the contestants of the benchmark', () => {
  let stage: Stage<Turn>
  beforeAll(async () => {
    stage = await openStage(contestants, acceptEncodings['browser'] ?? '')
  })
  afterAll(() => stage?.close())

  it.each(contestants.map(({ name }) => [name] as const))('%s answers', async (name) => {
    await stage.run(name, short)

    const { pagesPerSecond, cpuMicrosPerPage, bytesPerPage, callsPerPage } = await stage.run(name, short)

    expect([pagesPerSecond, cpuMicrosPerPage].every((value) => value > 0)).toBe(true)
    expect(bytesPerPage).toBeGreaterThanOrEqual(name === 'hello' ? 5 : 8_000)
    if (name === 'one call and rendering' || name === 'cart') expect(callsPerPage).toBe(1)
    if (name.startsWith('constant') || name === 'hello') expect(callsPerPage).toBe(0)
  })

  it('have references that are contestants', () => {
    const names = contestants.map(({ name }) => name)

    expect(contestants.flatMap(({ bar }) => (bar ? [bar.of] : [])).filter((name) => !names.includes(name))).toEqual([])
  })
})

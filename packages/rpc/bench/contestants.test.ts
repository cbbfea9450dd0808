import { describe, expect, it } from '@jest/globals'
import { clients, servers } from './contestants.ts'
import { measure } from './measure.ts'

// Enough to see that every call succeeds; nothing here is a result.
const short = { seconds: 0.01 }

describe('the contestants of the benchmark', () => {
  it.each([
    ...Object.keys(servers).map((name) => ['server', name] as const),
    ...Object.keys(clients).map((name) => ['client', name] as const),
  ])('the %s %s completes its calls', async (side, name) => {
    const round = await measure(side, name, short, short)

    expect(round.callsPerSecond).toBeGreaterThan(0)
    expect(round.cpuMicrosPerCall).toBeGreaterThan(0)
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { clients, servers } from './contestants.ts'
import type { Stage } from './rounds.ts'
import { openStage, type Turn } from './stage.ts'

// Enough to see that every call succeeds; nothing here is a result.
const short = { seconds: 0.01 }

describe.each([
  ['server', Object.keys(servers)],
  ['client', Object.keys(clients)],
] as const)('a %s of the benchmark', (side, names) => {
  let stage: Stage<Turn>
  beforeAll(async () => {
    stage = await openStage(side, names)
  })
  afterAll(() => stage?.close())

  it.each(names)('%s completes its calls', async (name) => {
    await stage.run(name, short)

    const turn = await stage.run(name, short)

    expect(turn.callsPerSecond).toBeGreaterThan(0)
    expect(turn.cpuMicrosPerCall).toBeGreaterThan(0)
  })
})

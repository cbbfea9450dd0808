import { expect, it } from '@jest/globals'
import { fuzz } from './fuzz.fixture.ts'

// `pnpm --filter @books/rpc fuzz` sends a hundred thousand, different ones each time.
it('withstands malformed calls and connections, discloses nothing of itself, and serves other clients', async () => {
  const { statuses, heapGrowthMib, complaints } = await fuzz({ runs: 5_000, seed: 1 })

  expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['0', '8', '12', '13', '415']))
  expect(complaints).toEqual([])
  expect(heapGrowthMib).toBeLessThan(8)
})

import { describe, expect, it } from '@jest/globals'
import { median } from './median.ts'
import { tableOf } from './table.ts'

describe('the output of the benchmark', () => {
  it('takes the value in the middle, or the mean of the two in the middle', () => {
    const odd = median([9, 1, 2])
    const even = median([9, 1, 2, 4])

    expect([odd, even]).toEqual([2, 3])
  })

  it('has a row for each contestant', () => {
    const bare = { side: 'server', name: 'bare', callsPerSecond: 20_000, cpuMicrosPerCall: 25 } as const

    const table = tableOf([{ ...bare, speed: 1, thrift: 1, p50Ms: 0.5, p99Ms: 2 }])

    expect(table.split('\n').at(-1)).toMatch(/^\| server: bare \|\s+20000 \|\s+1.00 \|\s+25.0 \|\s+1.00 \|/)
  })
})

import { describe, expect, it } from '@jest/globals'
import { resultOf } from './compare.ts'
import { median } from './median.ts'
import { tableOf } from './table.ts'

const latencies = { p50Ms: 0.5, p99Ms: 2 }

describe('the output of the benchmark', () => {
  it('takes the value in the middle, or the mean of the two in the middle', () => {
    const odd = median([9, 1, 2])
    const even = median([9, 1, 2, 4])

    expect([odd, even]).toEqual([2, 3])
  })

  it('has a row for each contestant', () => {
    const bare = { side: 'server', name: 'bare', callsPerSecond: 20_000, cpuMicrosPerCall: 25 } as const

    const table = tableOf([{ ...bare, speed: 1, speedByRound: [1], thrift: 1, ...latencies }])

    expect(table.split('\n').at(-1)).toMatch(/^\| server: bare \|\s+20000 \|\s+1.00 \|\s+25.0 \|\s+1.00 \|/)
  })

  it('has ratios within each turn, so that a slow moment of the machine changes none', () => {
    const rounds = [
      [turns(20_000, 18_000), turns(5_000, 4_500), turns(4_000, 3_600)],
      [turns(20_000, 16_000), turns(10_000, 9_000), turns(10_000, 8_000)],
    ].map((full) => ({ full, half: [] }))

    const { speed, speedByRound, thrift } = resultOf('server', 'books', 'bare', rounds)

    expect([speed, ...speedByRound, thrift]).toEqual([0.9, 0.9, 0.8, 0.9].map((share) => expect.closeTo(share)))
  })
})

function turns(bare: number, books: number) {
  const turnOf = (callsPerSecond: number) => ({ callsPerSecond, cpuMicrosPerCall: 1e6 / callsPerSecond, ...latencies })
  return { bare: turnOf(bare), books: turnOf(books) }
}

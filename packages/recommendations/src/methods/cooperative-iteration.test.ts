import { performance } from 'node:perf_hooks'
import { streamOf } from '@books/rpc/testing'
import { describe, expect, it } from '@jest/globals'
import { iterateCooperatively } from './cooperative-iteration.ts'

describe('iterateCooperatively', () => {
  it('gives all items that have arrived in order, and lets timers run between them', async () => {
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    const given: number[] = []

    for await (const item of iterateCooperatively(streamOf(1, 2, 3, 4))) {
      given.push(item)
      work(20)
    }
    clearInterval(timer)

    expect(given).toEqual([1, 2, 3, 4])
    expect(ticks).toBeGreaterThan(0)
  })
})

function work(ms: number): void {
  for (const begun = performance.now(); performance.now() - begun < ms; );
}

import { performance } from 'node:perf_hooks'
import { describe, expect, it } from '@jest/globals'
import { iterateCooperatively } from './cooperative-iteration.ts'

describe('iterateCooperatively', () => {
  it.each([
    ['of a list', [1, 2, 3, 4]],
    ['that have arrived', arrived(1, 2, 3, 4)],
  ])('gives all items %s in order, and lets timers run between them', async (_, items) => {
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    const given: number[] = []

    for await (const item of iterateCooperatively(items)) {
      given.push(item)
      work(20)
    }
    clearInterval(timer)

    expect(given).toEqual([1, 2, 3, 4])
    expect(ticks).toBeGreaterThan(0)
  })
})

async function* arrived(...items: number[]) {
  yield* items
}

function work(ms: number): void {
  for (const begun = performance.now(); performance.now() - begun < ms; );
}

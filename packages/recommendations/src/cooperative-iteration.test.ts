import { performance } from 'node:perf_hooks'
import { describe, expect, it } from '@jest/globals'
import { unhurried } from './cooperative-iteration.ts'

describe('unhurried', () => {
  it('gives all items in order, and others a turn whenever they have taken a while', async () => {
    let turns = 0
    const waiting = setInterval(() => turns++, 1)
    const given: number[] = []

    for await (const item of unhurried([1, 2, 3, 4])) {
      given.push(item)
      work(20)
    }
    clearInterval(waiting)

    expect(given).toEqual([1, 2, 3, 4])
    expect(turns).toBeGreaterThan(0)
  })
})

function work(ms: number): void {
  for (const begun = performance.now(); performance.now() - begun < ms; );
}

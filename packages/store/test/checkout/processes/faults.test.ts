import { describe, expect, it } from '@jest/globals'
import { createRandom } from '../customers/random.ts'
import { planFaults } from './faults.ts'

const processes = ['inventory', 'transactions', 'cart']
const plan = (seed: number) => planFaults(createRandom(seed, 'faults'), { kills: 9, pauses: 6, processes })

describe('planFaults', () => {
  it('repeats a seed, and plans otherwise for another', () => {
    expect(plan(1)).toEqual(plan(1))
    expect(plan(1)).not.toEqual(plan(2))
  })

  it('kills and pauses each process as often, within the run and in its order', () => {
    const faults = plan(3)

    for (const process of processes) {
      const own = faults.filter((fault) => fault.process === process)
      expect(own.filter(({ kind }) => kind === 'kill')).toHaveLength(3)
      expect(own.filter(({ kind }) => kind === 'pause')).toHaveLength(2)
    }
    expect(faults.map(({ at }) => at)).toEqual(faults.map(({ at }) => at).toSorted((a, b) => a - b))
    expect(faults.every(({ at }) => at > 0 && at < 1)).toBe(true)
  })
})

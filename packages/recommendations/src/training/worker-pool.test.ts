import { describe, expect, it } from '@jest/globals'
import { cancelPool, createPoolControl, joinPool, PoolCancelled } from './worker-pool.ts'

describe('joinPool', () => {
  it('runs the work for every index once, and then goes on', () => {
    const pool = joinPool(createPoolControl(1))
    const done: number[] = []
    pool.parallelFor('counting', 100, (index) => done.push(index))
    pool.parallelFor('counting again', 3, (index) => done.push(-index))

    expect(done).toEqual([...Array(100).keys(), -0, -1, -2])
  })

  it('runs `single` work on the first thread only', () => {
    const control = createPoolControl(1)
    const done: string[] = []
    joinPool(control, 1).single('packing', () => done.push('second'))
    joinPool(control, 0).single('packing', () => done.push('first'))

    expect(done).toEqual(['first'])
  })

  it('stops at the next block when it is cancelled', () => {
    const control = createPoolControl(1)
    const pool = joinPool(control)
    let done = 0
    const work = () => {
      done++
      cancelPool(control)
    }

    expect(() => pool.parallelFor('counting', 1000, work)).toThrow(PoolCancelled)
    expect(done).toBeLessThan(100)
  })

  it('does not wait at the barrier when it is cancelled', () => {
    const control = createPoolControl(2)
    cancelPool(control)

    expect(() => joinPool(control).single('packing', () => {})).toThrow(PoolCancelled)
  })
})

import { describe, expect, it } from '@jest/globals'
import { cancelTeam, createTeamControl, joinTeam, TeamCancelled } from './worker-pool.ts'

describe('joinTeam', () => {
  it('runs the work for every number once, and then goes on', () => {
    const team = joinTeam(createTeamControl(1))
    const done: number[] = []
    team.each('counting', 100, (index) => done.push(index))
    team.each('counting again', 3, (index) => done.push(-index))

    expect(done).toEqual([...Array(100).keys(), -0, -1, -2])
  })

  it('runs lonely work on the first thread only', () => {
    const control = createTeamControl(1)
    const done: string[] = []
    joinTeam(control, 1).alone('packing', () => done.push('second'))
    joinTeam(control, 0).alone('packing', () => done.push('first'))

    expect(done).toEqual(['first'])
  })

  it('stops at the next block when it is cancelled', () => {
    const control = createTeamControl(1)
    const team = joinTeam(control)
    let done = 0
    const work = () => {
      done++
      cancelTeam(control)
    }

    expect(() => team.each('counting', 1000, work)).toThrow(TeamCancelled)
    expect(done).toBeLessThan(100)
  })

  it('does not wait for others when it is cancelled', () => {
    const control = createTeamControl(2)
    cancelTeam(control)

    expect(() => joinTeam(control).alone('packing', () => {})).toThrow(TeamCancelled)
  })
})

import { describe, expect, it } from '@jest/globals'
import type { Load } from './drive.ts'
import { runRounds } from './rounds.ts'

const effort = { rounds: 2, turns: 2, seconds: 1, warmUpSeconds: 4 }

describe('the rounds of a benchmark', () => {
  it('restart the contestants, warm each of them up, and then alternate them in a rotated order', async () => {
    const events: string[] = []

    await runRounds(['a', 'b'], effort, open(events), () => 7)

    const turns = 'a 1, b 1, a 1 at 7, b 1 at 7, b 1, a 1, b 1 at 7, a 1 at 7'
    const round = `open, a 4, b 4, ${turns}, close`
    expect(events.join(', ')).toBe(`${round}, ${round}`)
  })

  it('have for each turn the result of every contestant, at full load and at the half rate that was taken from it', async () => {
    const once = { ...effort, rounds: 1, turns: 1 }

    const rounds = await runRounds(['a', 'b'], once, open([]), (turns, name) => Number(turns[name]?.length))

    expect(rounds).toEqual([{ full: [{ a: 'a 1', b: 'b 1' }], half: [{ a: 'a 1 at 3', b: 'b 1 at 3' }] }])
  })

  it('end the processes when a turn fails', async () => {
    const events: string[] = []
    const fail = () => {
      throw new Error('no rate')
    }

    await expect(runRounds(['a'], effort, open(events), fail)).rejects.toThrow('no rate')

    expect(events.at(-1)).toBe('close')
  })
})

/** Opens a stage whose results are the names and loads of the turns. */
function open(events: string[]) {
  return async () => {
    events.push('open')
    return {
      async run(name: string, { seconds, callsPerSecond }: Load) {
        const event = callsPerSecond === undefined ? `${name} ${seconds}` : `${name} ${seconds} at ${callsPerSecond}`
        events.push(event)
        return event
      },
      close: () => void events.push('close'),
    }
  }
}

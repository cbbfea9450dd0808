import { describe, expect, it } from '@jest/globals'
import { runTrial } from './run-trial.ts'
import { variants } from './trial-variants.ts'

const size = { readers: 1_000, books: 400, seed: 1 }

describe('the trial with made-up readers', () => {
  it('gives the same figures again, and better ones with everything that readers do', async () => {
    const ndcgOf = async (name: string) => (await runTrial(size, variants[name]!)).all['ndcg@20']
    const everything = await ndcgOf('everything')

    expect(await ndcgOf('everything')).toBe(everything)
    for (const name of ['views count like likes', 'without likes', 'without purchases', 'without ratings of 3 to 5'])
      expect(await ndcgOf(name)).toBeLessThan(everything)
  })
})

import { describe, expect, it } from '@jest/globals'
import { createUsablePromotions } from './usable-promotions.ts'

const promotion = 'buy_two_get_one_free_promo'

describe('the promotions of a reader', () => {
  it('are asked for once, for several views at once and for seconds', async () => {
    const { promotions, asked, pass } = create(async () => ({ promotions: [] }))

    const found = await Promise.all([7, 7, 8].map(promotions.find))
    pass(9_000)
    await promotions.find(7)
    pass(2_000)
    await promotions.find(7)

    expect(found).toEqual([[], [], []])
    expect(asked).toEqual([7, 8, 7])
  })

  it('are asked for again once an order of the reader is final', async () => {
    const { promotions, asked } = create(async () => ({ promotions: [] }))

    await promotions.find(7)
    promotions.forget(7)
    await promotions.find(7)

    expect(asked).toEqual([7, 7])
  })

  it('are all where transactions does not tell, which is asked again after two seconds', async () => {
    const { promotions, asked, pass } = create(() => Promise.reject(new Error('away')))

    expect(await promotions.find(7)).toEqual([promotion])
    pass(1_000)
    await promotions.find(7)
    pass(1_001)
    await promotions.find(7)

    expect(asked).toEqual([7, 7])
  })

  it('are kept for a limited number of readers', async () => {
    const { promotions, asked } = create(async () => ({ promotions: [] }))
    for (let readerId = 1; readerId <= 10_001; readerId++) await promotions.find(readerId)

    await promotions.find(10_001)
    await promotions.find(2)
    await promotions.find(1)

    expect(asked.slice(10_000)).toEqual([10_001, 1])
  })
})

function create(answer: () => Promise<{ promotions: string[] }>) {
  const asked: number[] = []
  let nowMs = 0
  const promotions = createUsablePromotions({
    transactions: {
      getPromotions(request) {
        asked.push(request.readerId ?? 0)
        return answer()
      },
    },
    now: () => new Date(nowMs),
  })
  const pass = (ms: number) => {
    nowMs += ms
  }
  return { promotions, asked, pass }
}

import { describe, expect, it } from '@jest/globals'
import { createSyntheticReaders } from '../../bench/synthetic-readers.ts'
import { holdOut } from './hold-out.ts'
import { createInteractions, itemsOf } from './interactions.ts'

const interactions = createInteractions(
  createSyntheticReaders({ readers: 100, items: 300, interactions: 3000, seed: 1 }),
)

describe('holdOut', () => {
  it('splits every reader’s items in two', () => {
    const { kept, heldOut } = holdOut(interactions, { fraction: 0.2, seed: 1 })

    for (let reader = 0; reader < interactions.readerCount; reader++) {
      const both = [...itemsOf(kept, reader), ...itemsOf(heldOut, reader)].sort((one, other) => one - other)
      expect(both).toEqual([...itemsOf(interactions, reader)])
    }
    expect(heldOut.readerItems.length / interactions.readerItems.length).toBeCloseTo(0.2, 1)
  })

  it('holds out the same for the same seed only', () => {
    const heldOutFor = (seed: number) => holdOut(interactions, { fraction: 0.2, seed }).heldOut.readerItems

    expect(heldOutFor(1)).toEqual(heldOutFor(1))
    expect(heldOutFor(1)).not.toEqual(heldOutFor(2))
  })
})

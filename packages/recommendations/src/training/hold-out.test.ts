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
      expect(both).toEqual([...itemsOf(interactions, reader)].sort((one, other) => one - other))
    }
    expect(heldOut.readerItems.length / interactions.readerItems.length).toBeCloseTo(0.2, 1)
  })

  it('holds out the same for the same seed only', () => {
    const heldOutFor = (seed: number) => holdOut(interactions, { fraction: 0.2, seed }).heldOut.readerItems

    expect(heldOutFor(1)).toEqual(heldOutFor(1))
    expect(heldOutFor(1)).not.toEqual(heldOutFor(2))
  })

  it('holds out the newest where the order is known', () => {
    const rows = Array.from({ length: 200 }, (_, reader) => itemsOf(interactions, reader % 100))
    const ordered = createInteractions(
      rows,
      interactions.itemCount,
      rows.map((_, reader) => reader % 2),
    )

    const { kept, heldOut } = holdOut(ordered, { fraction: 0.2, seed: 1 })

    for (let reader = 1; reader < rows.length; reader += 2) {
      expect([...itemsOf(heldOut, reader), ...itemsOf(kept, reader)]).toEqual([...rows[reader]!])
    }
    expect([...kept.isOrdered]).toEqual([...ordered.isOrdered])
    expect(heldOut.readerItems.length / ordered.readerItems.length).toBeCloseTo(0.2, 1)
  })

  it('holds out the same in any order where none is known', () => {
    const rows = Array.from({ length: 100 }, (_, reader) => itemsOf(interactions, reader))
    const reversed = createInteractions(
      rows.map((row) => row.toReversed()),
      interactions.itemCount,
    )

    expect(holdOut(reversed, { fraction: 0.2, seed: 1 })).toEqual(holdOut(interactions, { fraction: 0.2, seed: 1 }))
  })
})

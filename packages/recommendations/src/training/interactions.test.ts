import { describe, expect, it } from '@jest/globals'
import { createInteractions, itemsOf, readerCountsOf } from './interactions.ts'

describe('createInteractions', () => {
  it('keeps each reader’s items once and in their order', () => {
    const interactions = createInteractions([[3, 1, 3], [], [0, 1, 1]])

    expect([0, 1, 2].map((reader) => [...itemsOf(interactions, reader)])).toEqual([[3, 1], [], [0, 1]])
  })

  it('knows which readers’ items are newest first', () => {
    expect([...createInteractions([[0], [1]], 2, [0, 1]).isOrdered]).toEqual([0, 1])
    expect([...createInteractions([[0], [1]]).isOrdered]).toEqual([0, 0])
  })

  it('lists the readers of each item', () => {
    const { itemOffsets, itemReaders } = createInteractions([[1], [0, 1], [1, 3]])

    expect([...itemOffsets]).toEqual([0, 1, 4, 4, 5])
    expect([...itemReaders]).toEqual([1, 0, 1, 2, 2])
  })

  it('includes items without readers', () => {
    expect([...readerCountsOf(createInteractions([[0]], 3))]).toEqual([1, 0, 0])
  })

  it('refuses items outside the catalogue', () => {
    expect(() => createInteractions([[3]], 3)).toThrow('Item 3 is not between 0 and 2')
    expect(() => createInteractions([[-1]])).toThrow(RangeError)
  })
})

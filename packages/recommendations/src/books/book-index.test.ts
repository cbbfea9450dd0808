import { describe, expect, it } from '@jest/globals'
import { firstImportedId } from './book-ids.ts'
import { createBookIndex } from './book-index.ts'

const facts = { title: 'A Title', author: 'An Author', year: 2026, category: 'MYSTERY' } as const

describe('the index of books', () => {
  it('numbers the newest books of the catalogue last, as the model expects new ones there', () => {
    const index = createBookIndex([7, firstImportedId + 1, 8, firstImportedId].map((id) => ({ ...facts, id })))

    expect([...index.itemIds]).toEqual([firstImportedId, firstImportedId + 1, 7, 8])
    expect(index.itemOf(8)).toBe(3)
    expect(index.itemOf(9)).toBeUndefined()
  })

  it('decodes a book once, until 10,000 others were asked for', () => {
    const index = createBookIndex(Array.from({ length: 10_001 }, (_, at) => ({ ...facts, id: 1 + at })))
    const [first, second] = [index.bookAt(0), index.bookAt(1)]

    for (let item = 2; item < 10_000; item++) index.bookAt(item)
    const firstAgain = index.bookAt(0)
    index.bookAt(10_000)

    expect(firstAgain).toBe(first)
    expect(index.bookAt(0)).toBe(first)
    expect(index.bookAt(1)).not.toBe(second)
    expect(index.bookAt(1)).toEqual(second)
  })
})

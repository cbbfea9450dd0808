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
})

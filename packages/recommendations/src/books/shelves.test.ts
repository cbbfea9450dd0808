import { describe, expect, it } from '@jest/globals'
import { firstImportedId } from './book-ids.ts'
import { createShelves } from './shelves.ts'

const facts = { title: 'A Title', author: 'An Author', year: 2026, category: 'MYSTERY' } as const

describe('shelves', () => {
  it('number the newest books of the catalogue last, where the engine looks for new ones', () => {
    const shelves = createShelves([7, firstImportedId + 1, 8, firstImportedId].map((id) => ({ ...facts, id })))

    expect([...shelves.itemIds]).toEqual([firstImportedId, firstImportedId + 1, 7, 8])
    expect(shelves.itemOf(8)).toBe(3)
    expect(shelves.itemOf(9)).toBeUndefined()
  })
})

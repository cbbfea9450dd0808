import { Status } from '@books/rpc'
import { expect, it } from '@jest/globals'
import { createNotes } from './notes.ts'
import { pointAt } from './walk.ts'

it('The notes of a call are ten thousand at most', () => {
  const notes = createNotes()
  const location = pointAt(10, 10)
  const note = { location, message: '' }

  for (let count = 0; count < 10_000; count++) notes.add(location, note)

  expect(notes.listAt(location)).toHaveLength(10_000)
  expect(() => notes.add(location, note)).toThrow(expect.objectContaining({ code: Status.RESOURCE_EXHAUSTED }))
})

it('The characters of the notes of a call are counted as its contract does', () => {
  const notes = createNotes()
  const location = pointAt(10, 10)

  notes.add(location, { location, message: '📚'.repeat(10_000_000) })

  expect(() => notes.add(location, { location, message: 'x' })).toThrow('A call may add 10000000 characters')
})

import type { Point, RouteNote } from '@books/proto'
import { resourceExhausted } from '@books/rpc'
import { keyOf } from './atlas.ts'

/** The notes that one call has left. */
export interface Notes {
  /** Those left at a point, in the order in which they were. */
  listAt(point: Point): readonly RouteNote[]
  /** Keeps one more. Throws RESOURCE_EXHAUSTED where that is too many, or too much. */
  leave(point: Point, note: RouteNote): void
}

const mostNotes = 10_000
// Notes may be long, and 10,000 of the longest would be more than the machine has.
const mostCharacters = 10_000_000

/** Makes the memory of one call. */
export function createNotes(): Notes {
  const byPoint = new Map<string, RouteNote[]>()
  let notes = 0
  let characters = 0

  return {
    listAt: (point) => byPoint.get(keyOf(point)) ?? [],
    leave(point, note) {
      notes++
      characters += note.message.length
      if (notes > mostNotes) throw resourceExhausted(`A call may leave ${mostNotes} notes`)
      if (characters > mostCharacters) throw resourceExhausted(`A call may leave ${mostCharacters} characters`)

      const key = keyOf(point)
      const there = byPoint.get(key)
      if (there) there.push(note)
      else byPoint.set(key, [note])
    },
  }
}

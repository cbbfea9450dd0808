import type { Point, RouteNote } from '@books/proto'
import { resourceExhausted } from '@books/rpc'
import { keyOf } from './atlas.ts'

/** The notes of one call. */
export interface Notes {
  /** The notes at a point, in the order in which they came. */
  listAt(point: Point): readonly RouteNote[]
  /** Adds a note. Throws RESOURCE_EXHAUSTED above 10,000 notes or ten million characters. */
  add(point: Point, note: RouteNote): void
}

const maxNotes = 10_000
// 10,000 notes of the longest size that a message may have would fill the memory of the machine.
const maxCharacters = 10_000_000

/** Creates the notes of one call, none yet. */
export function createNotes(): Notes {
  const byPoint = new Map<string, RouteNote[]>()
  let notes = 0
  let characters = 0

  return {
    listAt: (point) => byPoint.get(keyOf(point)) ?? [],
    add(point, note) {
      notes++
      characters += lengthOf(note.message)
      if (notes > maxNotes) throw resourceExhausted(`A call may add ${maxNotes} notes`)
      if (characters > maxCharacters) throw resourceExhausted(`A call may add ${maxCharacters} characters`)

      const key = keyOf(point)
      const there = byPoint.get(key)
      if (there) there.push(note)
      else byPoint.set(key, [note])
    },
  }
}

/** The number of characters: a surrogate pair is one. */
function lengthOf(text: string): number {
  let pairs = 0
  // A long message has too many for an array.
  for (let index = 0; index < text.length; index++) if ((text.charCodeAt(index) & 0xfc00) === 0xd800) pairs++
  return text.length - pairs
}

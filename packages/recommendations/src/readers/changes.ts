import { sharedBytes, sharedDoubles, sharedInts } from '../shared-arrays.ts'
import { type Interaction, opinionOf } from './interaction.ts'

/** One interaction that was added, apart from its id. */
export interface Change {
  readerId: number
  bookId: number
  /** In milliseconds since 1970. */
  time: number
  opinion: number
}

/** Columns of some interactions, in shared memory. */
export interface ChangeBlock {
  readonly readerIds: Int32Array
  readonly bookIds: Int32Array
  readonly times: Float64Array
  readonly opinions: Uint8Array
  /** The place of the same reader's change before; -1 for the first. */
  readonly previous: Int32Array
}

/** Interactions in the order of adding, with 21 bytes for each. */
export interface Changes {
  readonly blocks: readonly ChangeBlock[]
  readonly size: number
  at(place: number): Change
  add(change: Change): void
  /** The changes of a reader, oldest first. */
  listOf(readerId: number): Change[]
}

const blockSize = 2 ** 14

/** Creates an empty list of changes. */
export function createChanges(): Changes {
  const blocks: ChangeBlock[] = []
  const last = new Map<number, number>()
  const { at } = changesIn(blocks)
  let size = 0

  return {
    blocks,
    at,
    get size() {
      return size
    },
    add({ readerId, bookId, time, opinion }) {
      if (size === blocks.length * blockSize) blocks.push(createBlock())
      const block = blocks.at(-1)!
      const place = size % blockSize
      block.readerIds[place] = readerId
      block.bookIds[place] = bookId
      block.times[place] = time
      block.opinions[place] = opinion
      block.previous[place] = last.get(readerId) ?? -1
      last.set(readerId, size++)
    },
    listOf(readerId) {
      const found: Change[] = []
      for (let place = last.get(readerId) ?? -1; place >= 0; ) {
        found.push(at(place))
        place = blocks[Math.floor(place / blockSize)]!.previous[place % blockSize]!
      }
      return found.toReversed()
    },
  }
}

/** Reads changes out of their blocks. */
export function changesIn(blocks: readonly ChangeBlock[]): Pick<Changes, 'at'> {
  return {
    at(place) {
      const block = blocks[Math.floor(place / blockSize)]!
      const within = place % blockSize
      return {
        readerId: block.readerIds[within]!,
        bookId: block.bookIds[within]!,
        time: block.times[within]!,
        opinion: block.opinions[within]!,
      }
    },
  }
}

/** The change that an interaction is. */
export function changeOf(interaction: Interaction): Change {
  const { readerId, bookId, time } = interaction
  return { readerId, bookId, time: time.getTime(), opinion: opinionOf(interaction) }
}

function createBlock(): ChangeBlock {
  return {
    readerIds: sharedInts(blockSize),
    bookIds: sharedInts(blockSize),
    times: sharedDoubles(blockSize),
    opinions: sharedBytes(blockSize),
    previous: sharedInts(blockSize),
  }
}

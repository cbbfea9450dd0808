import { setImmediate as eventLoopTurn } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readersOf } from '../store.fixture.ts'
import { changeOf, createChanges } from './changes.ts'
import { preferencesOf } from './history.ts'
import { type Interaction, type Kind, kindOfOpinion, preferenceOf } from './interaction.ts'
import { emptyRows, historyAt, packRows, rowOf } from './reader-rows.ts'
import { createReaders, type Readers } from './readers.ts'

describe('preferenceOf', () => {
  it.each([
    ['viewed', 0, undefined],
    ['liked', 0, 'likes'],
    ['bought', 0, 'likes'],
    ['disliked', 0, 'dislikes'],
    ['rated', 2, 'dislikes'],
    ['rated', 3, 'likes'],
    ['withdrawn', 0, undefined],
    ['neutral', 0, undefined],
  ] as const)('takes %s (%d) for %s', (kind, rating, preference) => {
    expect(preferenceOf({ kind, rating })).toBe(preference)
  })
})

describe('the history of a reader', () => {
  it('is newest first, with times and what the reader did', () => {
    const readers = readersOf([did('liked', 1, 10), did('bought', 2, 30), did('rated', 3, 20), did('viewed', 4, 40)])

    expect(shownOf(readers)).toEqual(['viewed 4 at 40', 'bought 2 at 30', 'rated 3 at 20', 'liked 1 at 10'])
    expect(preferencesOf(readers.historyOf(7))).toEqual({
      liked: { bookIds: [2, 3, 1], times: [30, 20, 10] },
      disliked: [],
      viewed: [4],
    })
  })

  it('has the newest opinion of a book, in any order of adding', () => {
    const readers = readersOf([
      did('disliked', 1, 20),
      did('liked', 1, 10),
      did('liked', 2, 10),
      did('disliked', 2, 20),
    ])

    expect(preferencesOf(readers.historyOf(7))).toMatchObject({ liked: { bookIds: [] }, disliked: [2, 1] })
  })

  it('has a view only of books with nothing else', () => {
    const readers = readersOf([did('liked', 1, 10), did('viewed', 1, 20), did('viewed', 2, 5)])

    expect(shownOf(readers)).toEqual(['liked 1 at 10', 'viewed 2 at 5'])
  })

  it('has the purchase again once the rating after it is withdrawn, also where that is packed', async () => {
    const readers = readersOf([did('bought', 1, 10), did('rated', 1, 20, 1)])
    await readers.pack()
    const before = shownOf(readers)

    readers.add(did('withdrawn', 1, 30))
    const unpacked = shownOf(readers)
    await readers.pack()

    expect([before, unpacked, shownOf(readers)]).toEqual([['rated 1 at 20'], ['bought 1 at 10'], ['bought 1 at 10']])
  })

  it('has the view again once the like is taken back, and nothing of a rating before its withdrawal', () => {
    const readers = readersOf([
      did('viewed', 1, 5),
      did('liked', 1, 10),
      did('neutral', 1, 20),
      did('withdrawn', 2, 20),
      did('rated', 2, 10),
    ])

    expect(shownOf(readers)).toEqual(['viewed 1 at 5'])
  })

  it('is empty without interactions', () => {
    expect(shownOf(createReaders())).toEqual([])
  })

  it('is the same however often what was added is packed, and whatever is added twice', () => {
    const kinds = fc.constantFrom<Kind>('viewed', 'liked', 'disliked', 'bought', 'rated', 'withdrawn', 'neutral')
    const steps = fc.array(
      fc.record({
        readerId: fc.integer({ min: 1, max: 3 }),
        bookId: fc.integer({ min: 1, max: 4 }),
        kind: kinds,
        isRepeated: fc.boolean(),
      }),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(steps, fc.nat(30), (added, packedAfter) => {
        const plain = createReaders()
        let rows = emptyRows()
        let changes = createChanges()
        const pack = () => {
          rows = packRows(rows, changes, changes.size)
          changes = createChanges()
        }

        for (const [at, { isRepeated, ...step }] of added.entries()) {
          const interaction = { ...did(step.kind, step.bookId, at), readerId: step.readerId }
          plain.add(interaction)
          for (let times = 0; times < (isRepeated ? 2 : 1); times++) changes.add(changeOf(interaction))
          if (at === packedAfter) pack()
        }
        pack()

        for (const readerId of new Set(added.map((step) => step.readerId))) {
          expect(historyAt(rows, rowOf(rows, readerId))).toEqual(plain.historyOf(readerId))
        }
      }),
    )
  })
})

describe('packed readers', () => {
  it('keep what is added while they are packed', async () => {
    const readers = readersOf([did('liked', 1, 10)])

    const packing = readers.pack()
    await eventLoopTurn()
    readers.add(did('liked', 2, 20))
    const rows = await packing

    expect([rows.bookIds.length, readers.unpackedCount]).toEqual([1, 1])
    expect(shownOf(readers)).toEqual(['liked 2 at 20', 'liked 1 at 10'])
  })

  it('take at most 24 bytes for an opinion', async () => {
    const readers = createReaders()
    for (let readerId = 1; readerId <= 500; readerId++) {
      for (let bookId = 1; bookId <= 20; bookId++) readers.add({ ...did('liked', bookId, bookId), readerId })
    }

    const rows = await readers.pack()

    const bytes = Object.values(rows).reduce((sum, { byteLength }) => sum + byteLength, 0)
    expect(bytes / 10_000).toBeLessThan(24)
  })
})

function did(kind: Kind, bookId: number, time: number, rating = 5): Interaction {
  return {
    id: `${kind}-${bookId}-${time}`,
    readerId: 7,
    bookId,
    kind,
    rating: kind === 'rated' ? rating : 0,
    time: new Date(time),
  }
}

function shownOf(readers: Readers): string[] {
  const { bookIds, times, opinions } = readers.historyOf(7)
  return Array.from(bookIds, (bookId, at) => `${kindOfOpinion(opinions[at]!)} ${bookId} at ${times[at]}`)
}

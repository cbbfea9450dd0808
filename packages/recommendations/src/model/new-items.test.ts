import { beforeAll, describe, expect, it } from '@jest/globals'
import { createSyntheticReaders } from '../../bench/synthetic-readers.ts'
import { createInteractions } from '../training/interactions.ts'
import { trainModel } from '../training/train-model.ts'
import type { Model } from './model.ts'
import { createRowReader, type Entry } from './model-rows.ts'
import { fillNewItemRows } from './new-items.ts'
import { createScorer } from './scorer.ts'

const itemCount = 242
/** These two have no readers. */
const [newByAuthor, newInCategory] = [240, 241] as const
/** Genres are the items' numbers modulo 60; so are the authors here, and the categories are half of that. */
const authors = Array.from({ length: itemCount }, (_, item) => (item === newInCategory ? -1 : item % 60))
const categories = Array.from({ length: itemCount }, (_, item) => item % 30)

let model: Model
let filled: Model

beforeAll(async () => {
  const readers = createSyntheticReaders({ readers: 400, items: 240, interactions: 8000, seed: 4 })
  model = await trainModel(createInteractions(readers, itemCount))
  filled = fillNewItemRows(model, { authors, categories })
})

describe('fillNewItemRows', () => {
  it('marks the new items that have relatives', () => {
    expect([newByAuthor, newInCategory].map((item) => filled.borrowed[item])).toEqual([1, 1])
    expect(filled.borrowed.every((mark, item) => mark === 0 || model.readerCounts[item]! < 5)).toBe(true)
  })

  it('gives a new item the neighbours of its author’s other items', () => {
    const neighbours = createRowReader(filled)(newByAuthor).map(({ id }) => id)

    expect(neighbours).toContain(60)
    expect(neighbours.length).toBeGreaterThan(10)
  })

  it('adds new items to the rows of established ones, and leaves their entries for each other', () => {
    const [before, after] = [createRowReader(model), createRowReader(filled)]
    const established = (row: Entry[]) =>
      row.filter(({ id }) => filled.borrowed[id] === 0).toSorted((one, other) => one.id - other.id)

    expect(after(60).map(({ id }) => id)).toContain(newByAuthor)
    for (let item = 0; item < 240; item++) {
      if (filled.borrowed[item] === 0) expect(established(after(item))).toEqual(established(before(item)))
    }
  })

  it('reserves one place in twenty for a new item, and none in a shorter list', () => {
    const { recommend } = createScorer(filled)
    const history = [0, 60, 120, 1, 61]
    const newAmong = (limit: number) =>
      recommend({ history, limit }).filter(({ item, score }) => filled.borrowed[item] === 1 && score > 0).length

    expect(newAmong(20)).toBe(1)
    expect(newAmong(19)).toBe(0)
  })

  it('leaves the order of the established items', () => {
    const question = { history: [0, 60, 120, 1, 61], limit: 19 }
    const denied = filled.borrowed

    expect(createScorer(filled).recommend(question)).toEqual(createScorer(model).recommend({ ...question, denied }))
  })

  it('changes nothing when the new items have no author and no category', () => {
    const unknown = Array.from({ length: itemCount }, () => -1)

    expect(fillNewItemRows(model, { authors: unknown, categories: unknown })).toEqual(model)
  })
})

import { beforeAll, describe, expect, it } from '@jest/globals'
import { createSyntheticReaders } from '../../bench/synthetic-readers.ts'
import { createInteractions } from '../training/interactions.ts'
import { trainModel } from '../training/train-model.ts'
import type { Model } from './model.ts'
import type { Entry } from './model-rows.ts'
import { createRowReader } from './model-rows.ts'
import { lendToNewItems } from './new-items.ts'
import { createScorer } from './scorer.ts'

const itemCount = 242
/** These two have no readers. */
const [newByAuthor, newInCategory] = [240, 241] as const
/** Genres are the items' numbers modulo 60; so are the authors here, and the categories are half of that. */
const authors = Array.from({ length: itemCount }, (_, item) => (item === newInCategory ? -1 : item % 60))
const categories = Array.from({ length: itemCount }, (_, item) => item % 30)

let model: Model
let lent: Model

beforeAll(async () => {
  const readers = createSyntheticReaders({ readers: 400, items: 240, interactions: 8000, seed: 4 })
  model = await trainModel(createInteractions(readers, itemCount))
  lent = lendToNewItems(model, { authors, categories })
})

describe('lendToNewItems', () => {
  it('marks the new items that have relatives', () => {
    expect([newByAuthor, newInCategory].map((item) => lent.borrowed[item])).toEqual([1, 1])
    expect(lent.borrowed.every((mark, item) => mark === 0 || model.readerCounts[item]! < 5)).toBe(true)
  })

  it('gives a new item the neighbours of its author’s other items', () => {
    const neighbours = createRowReader(lent)(newByAuthor).map(({ id }) => id)

    expect(neighbours).toContain(60)
    expect(neighbours.length).toBeGreaterThan(10)
  })

  it('adds new items to the rows of established ones, and leaves their entries for each other', () => {
    const [before, after] = [createRowReader(model), createRowReader(lent)]
    const established = (row: Entry[]) =>
      row.filter(({ id }) => lent.borrowed[id] === 0).toSorted((one, other) => one.id - other.id)

    expect(after(60).map(({ id }) => id)).toContain(newByAuthor)
    for (let item = 0; item < 240; item++) {
      if (lent.borrowed[item] === 0) expect(established(after(item))).toEqual(established(before(item)))
    }
  })

  it('reserves one place in twenty for a new item, and none in a shorter list', () => {
    const { recommend } = createScorer(lent)
    const history = [0, 60, 120, 1, 61]
    const newAmong = (limit: number) =>
      recommend({ history, limit }).filter(({ item, score }) => lent.borrowed[item] === 1 && score > 0).length

    expect(newAmong(20)).toBe(1)
    expect(newAmong(19)).toBe(0)
  })

  it('leaves the order of the established items', () => {
    const question = { history: [0, 60, 120, 1, 61], limit: 19 }
    const denied = lent.borrowed

    expect(createScorer(lent).recommend(question)).toEqual(createScorer(model).recommend({ ...question, denied }))
  })

  it('changes nothing when the new items have no author and no category', () => {
    const unknown = Array.from({ length: itemCount }, () => -1)

    expect(lendToNewItems(model, { authors: unknown, categories: unknown })).toEqual(model)
  })
})

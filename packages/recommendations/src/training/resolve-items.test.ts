import { beforeAll, describe, expect, it } from '@jest/globals'
import { createSyntheticReaders } from '../../bench/synthetic-readers.ts'
import type { Model } from '../model/model.ts'
import { createRowReader } from '../model/model-rows.ts'
import { createInteractions, type Interactions } from './interactions.ts'
import { resolveItems } from './resolve-items.ts'
import { trainModel } from './train-model.ts'

const itemCount = 240
const readers = createSyntheticReaders({ readers: 150, items: itemCount, interactions: 3000, seed: 6 })
const later = [...readers, ...Array.from({ length: 12 }, () => [7, 8, 9, 10])]

let before: Interactions
let model: Model

beforeAll(async () => {
  before = createInteractions(readers, itemCount)
  model = await trainModel(before)
})

describe('resolveItems', () => {
  it('finds what the training found when nothing has changed', () => {
    const resolved = resolveItems(model, before, model.readerCounts.keys())

    expectAlike(weightsOf(resolved), weightsOf(model))
  })

  it('brings touched items to the weights of a full training', async () => {
    const after = createInteractions(later, itemCount)
    const resolved = resolveItems(model, after, after.readerItems)
    const trained = await trainModel(after)

    expect(trained.origin.hyperparameters).toBe(model.origin.hyperparameters)
    expectAlike(weightsOf(resolved), weightsOf(trained))
  })

  it('connects items that are read together by now', () => {
    const resolved = resolveItems(model, createInteractions(later, itemCount), [7, 8])

    expect(weightsOf(resolved).get('7>8') ?? 0).toBeGreaterThan((weightsOf(model).get('7>8') ?? 0) + 0.05)
  })

  it('leaves the weights of items that were not touched', () => {
    const of9 = (weights: Map<string, number>) => new Map([...weights].filter(([pair]) => pair.endsWith('>9')))
    const resolved = resolveItems(model, before, [7, 8])

    expectAlike(of9(weightsOf(resolved)), of9(weightsOf(model)))
  })

  it('solves items that the model does not have yet', () => {
    const resolved = resolveItems(
      model,
      createInteractions([...later, ...Array.from({ length: 6 }, () => [240, 7])]),
      [240, 7],
    )

    expect(resolved.itemCount).toBe(241)
    expect(weightsOf(resolved).get('240>7')).toBeGreaterThan(0)
  })
})

/** The weights by pair, `from>to`. */
function weightsOf(model: Model) {
  const readRow = createRowReader(model)
  const weights = new Map<string, number>()
  for (let item = 0; item < model.itemCount; item++) {
    for (const { id, weight } of readRow(item)) if (weight > 0) weights.set(`${item}>${id}`, weight)
  }
  return weights
}

/** Up to the rounding to bytes, and a few pairs that are tied at the end of a row. */
function expectAlike(some: Map<string, number>, others: Map<string, number>) {
  const pairs = [...new Set([...some.keys(), ...others.keys()])]
  const differing = pairs.filter((pair) => Math.abs((some.get(pair) ?? 0) - (others.get(pair) ?? 0)) > 0.01)

  expect(differing.length).toBeLessThanOrEqual(pairs.length / 100)
}

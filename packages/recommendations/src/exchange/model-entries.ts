import { StartError } from '@books/runtime'
import { createItemSearch } from '../books/item-search.ts'
import { createItemIds, importedModel, type Model } from '../model/model.ts'
import { rootScaleOf, rootScaleValues, toRootByte } from '../model/root-scale.ts'
import { preferenceOfOpinion } from '../readers/interaction.ts'
import type { ReaderRows } from '../readers/reader-rows.ts'

/** How strongly a like of one book predicts a like of another, by the ids of the books. */
export interface ModelEntry {
  source: number
  target: number
  weight: number
}

/** The entries of a model that have a weight, by source. */
export function* entriesOf(model: Model, itemIds: Int32Array): Generator<ModelEntry> {
  const values = rootScaleValues(model.weightScale)
  for (let item = 0; item < model.itemCount; item++) {
    const start = model.offsets[item]!
    for (let at = start; at < start + model.solvedCounts[item]!; at++) {
      yield { source: itemIds[item]!, target: itemIds[model.ids[at]!]!, weight: values[model.weights[at]!]! }
    }
  }
}

/** A model that was made from entries. */
export interface BuiltModel {
  model: Model
  /** How many entries were left out: their books are not in the store, or their weight is less than a byte can say. */
  leftOut: number
}

/** A book with this many readers keeps its own row; one with fewer borrows from others. */
const fewestReaders = 5

/**
 * Makes a model of the items `itemIds` from entries. Short histories use the weights, too, as there are no cosines. Throws a
 * `StartError` where a row is longer than a model may have.
 */
export async function buildModel(
  entries: AsyncIterable<ModelEntry>,
  itemIds: Int32Array,
  rows: ReaderRows,
): Promise<BuiltModel> {
  const { sources, targets, weights, count, unknown } = await collect(entries, itemIds)
  const weightScale = rootScaleOf(weights.reduce((largest, weight) => Math.max(largest, weight), 0))
  const bytes = Uint8Array.from(weights, (weight) => toRootByte(weight, weightScale))
  const itemCount = itemIds.length

  const offsets = new Int32Array(itemCount + 1)
  for (let at = 0; at < count; at++) if (bytes[at]! > 0) offsets[sources[at]! + 1]!++
  if (offsets.some((length) => length > longestRow)) throw new StartError(`a book has more than ${longestRow} targets`)
  const solvedCounts = Uint16Array.from(offsets.subarray(1))
  for (let item = 0; item < itemCount; item++) offsets[item + 1]! += offsets[item]!

  const length = offsets[itemCount]!
  const model: Model = {
    itemCount,
    origin: {
      hyperparameters: importedModel,
      figures: [],
      readerCount: rows.readerIds.length,
      interactionCount: length,
    },
    ...{ offsets, solvedCounts, weightScale, cosineScale: weightScale },
    ids: createItemIds(itemCount, length),
    weights: new Uint8Array(length),
    cosines: new Uint8Array(length),
    readerCounts: countReaders(itemIds, rows),
    borrowed: new Uint8Array(itemCount),
  }
  const next = offsets.slice()
  for (let at = 0; at < count; at++) {
    if (bytes[at] === 0) continue
    const place = next[sources[at]!]!++
    model.ids[place] = targets[at]!
    model.weights[place] = bytes[at]!
    model.cosines[place] = bytes[at]!
    // Otherwise the book would borrow a row in place of its own.
    for (const item of [sources[at]!, targets[at]!]) {
      model.readerCounts[item] = Math.max(fewestReaders, model.readerCounts[item]!)
    }
  }
  return { model, leftOut: unknown + count - length }
}

const longestRow = 2 ** 16 - 1

interface Collected {
  sources: Int32Array
  targets: Int32Array
  weights: Float64Array
  count: number
  unknown: number
}

async function collect(entries: AsyncIterable<ModelEntry>, itemIds: Int32Array): Promise<Collected> {
  const itemOf = createItemSearch(itemIds)
  let [sources, targets, weights] = [new Int32Array(1_024), new Int32Array(1_024), new Float64Array(1_024)]
  let [count, unknown] = [0, 0]

  for await (const { source, target, weight } of entries) {
    const [from, to] = [itemOf(source), itemOf(target)]
    if (from === undefined || to === undefined || from === to) {
      unknown++
      continue
    }
    if (count === sources.length) {
      sources = doubled(sources, new Int32Array(2 * count))
      targets = doubled(targets, new Int32Array(2 * count))
      weights = doubled(weights, new Float64Array(2 * count))
    }
    sources[count] = from
    targets[count] = to
    weights[count++] = weight
  }
  return { sources, targets, weights: weights.subarray(0, count), count, unknown }
}

function doubled<Numbers extends Int32Array | Float64Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from)
  return to
}

function countReaders(itemIds: Int32Array, { starts, ends, bookIds, opinions }: ReaderRows): Int32Array {
  const counts = new Int32Array(itemIds.length)
  const itemOf = createItemSearch(itemIds)
  for (const [row, end] of ends.entries()) {
    for (let at = starts[row]!; at < end; at++) {
      const item = preferenceOfOpinion(opinions[at]!) === 'likes' ? itemOf(bookIds[at]!) : undefined
      if (item !== undefined) counts[item]!++
    }
  }
  return counts
}

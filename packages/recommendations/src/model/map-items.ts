import { createItemIds, type Model } from './model.ts'

/**
 * The same model for another numbering: `sources[item]` is the number that the item has in the model, or -1 for an item
 * that the model does not have. Items of the model without a new number are left out, and so are borrowed rows.
 */
export function mapItems(model: Model, sources: ArrayLike<number>): Model {
  const itemCount = sources.length
  const places = new Int32Array(model.itemCount).fill(-1)
  for (let item = 0; item < itemCount; item++) if (sources[item]! >= 0) places[sources[item]!] = item

  const offsets = offsetsOf(model, sources, places)
  const length = offsets[itemCount]!
  const mapped = {
    ...model,
    itemCount,
    offsets,
    solvedCounts: new Uint16Array(itemCount),
    ids: createItemIds(itemCount, length),
    weights: new Uint8Array(length),
    cosines: new Uint8Array(length),
    readerCounts: Int32Array.from(sources, (source) => (source >= 0 ? model.readerCounts[source]! : 0)),
    borrowed: new Uint8Array(itemCount),
  }
  for (let item = 0; item < itemCount; item++)
    if (sources[item]! >= 0) mapRow(model, mapped, item, sources[item]!, places)
  return mapped
}

function offsetsOf({ offsets: from, ids }: Model, sources: ArrayLike<number>, places: Int32Array) {
  const offsets = new Int32Array(sources.length + 1)
  for (let item = 0; item < sources.length; item++) {
    const source = sources[item]!
    let length = 0
    if (source >= 0) for (let at = from[source]!; at < from[source + 1]!; at++) if (places[ids[at]!]! >= 0) length++
    offsets[item + 1] = offsets[item]! + length
  }
  return offsets
}

/** Copies a row without the entries that are left out: those with a weight stay in front. */
function mapRow(from: Model, to: Model, item: number, source: number, places: Int32Array) {
  const solvedEnd = from.offsets[source]! + from.solvedCounts[source]!
  let next = to.offsets[item]!

  for (let at = from.offsets[source]!; at < from.offsets[source + 1]!; at++) {
    const place = places[from.ids[at]!]!
    if (place < 0) continue
    to.ids[next] = place
    to.weights[next] = from.weights[at]!
    to.cosines[next] = from.cosines[at]!
    if (at < solvedEnd) to.solvedCounts[item]!++
    next++
  }
}

import { createItemIds, type Model } from './model.ts'
import { rootScaleValues, toRootByte } from './root-scale.ts'

/** One item that another predicts, and how strongly. */
export interface Entry {
  readonly id: number
  readonly weight: number
  readonly cosine: number
}

/** Returns a function that reads the row of an item. */
export function createRowReader(model: Model): (item: number) => Entry[] {
  const weightValues = rootScaleValues(model.weightScale)
  const cosineValues = rootScaleValues(model.cosineScale)

  return (item) => {
    const row: Entry[] = []
    for (let at = model.offsets[item]!; at < model.offsets[item + 1]!; at++) {
      row.push({
        id: model.ids[at]!,
        weight: weightValues[model.weights[at]!]!,
        cosine: cosineValues[model.cosines[at]!]!,
      })
    }
    return row
  }
}

/** Returns the model with other rows: `rows` gives those that change, by item. Values above the model's scales are clamped. */
export function withRows(model: Model, rows: ReadonlyMap<number, readonly Entry[]>): Model {
  const offsets = new Int32Array(model.itemCount + 1)
  for (let item = 0; item < model.itemCount; item++) {
    const length = rows.get(item)?.length ?? model.offsets[item + 1]! - model.offsets[item]!
    offsets[item + 1] = offsets[item]! + length
  }

  const length = offsets[model.itemCount]!
  const changed = {
    ...model,
    offsets,
    solvedCounts: model.solvedCounts.slice(),
    ids: createItemIds(model.itemCount, length),
    weights: new Uint8Array(length),
    cosines: new Uint8Array(length),
  }
  for (let item = 0; item < model.itemCount; item++) {
    const row = rows.get(item)
    if (row) writeRow(changed, item, row)
    else copyRow(model, changed, item)
  }
  return changed
}

function copyRow(from: Model, to: Model, item: number) {
  const [start, end, at] = [from.offsets[item]!, from.offsets[item + 1]!, to.offsets[item]!]
  to.ids.set(from.ids.subarray(start, end), at)
  to.weights.set(from.weights.subarray(start, end), at)
  to.cosines.set(from.cosines.subarray(start, end), at)
}

/** Writes an item's entries: those with a weight from the front, the others from the back. */
function writeRow(model: Model, item: number, row: readonly Entry[]) {
  let front = model.offsets[item]!
  let back = model.offsets[item + 1]! - 1

  for (const { id, weight, cosine } of row) {
    const byte = toRootByte(weight, model.weightScale)
    const at = byte > 0 ? front++ : back--
    model.ids[at] = id
    model.weights[at] = byte
    model.cosines[at] = toRootByte(cosine, model.cosineScale)
  }
  model.solvedCounts[item] = front - model.offsets[item]!
}

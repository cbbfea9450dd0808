import { emptyModel, type Model } from './model.ts'
import { createRowReader, withRows } from './model-rows.ts'

/**
 * The same model for another numbering: `sources[item]` is the number that the item has in the model, or -1 for an item
 * that the model does not know. Items of the model that have no place are left out.
 */
export function mapItems(model: Model, sources: ArrayLike<number>): Model {
  const itemCount = sources.length
  const places = new Int32Array(model.itemCount).fill(-1)
  for (let item = 0; item < itemCount; item++) if (sources[item]! >= 0) places[sources[item]!] = item

  const readRow = createRowReader(model)
  const rows = Array.from({ length: itemCount }, (_, item) => {
    const row = sources[item]! >= 0 ? readRow(sources[item]!) : []
    return row.filter(({ id }) => places[id]! >= 0).map((entry) => ({ ...entry, id: places[entry.id]! }))
  })

  const readerCounts = Int32Array.from(sources, (source) => (source >= 0 ? model.readerCounts[source]! : 0))
  const { origin, weightScale, cosineScale } = model
  const empty = { ...emptyModel(itemCount), origin, weightScale, cosineScale, readerCounts }
  return withRows(empty, new Map(rows.entries()))
}

import type { Model } from './model.ts'
import { createRowReader, type Entry, withRows } from './model-rows.ts'
import { createRelativesSearch, type ItemFacts, type Relative } from './relatives.ts'

/** Items with fewer readers than this borrow from their relatives; with more, borrowing costs quality. */
const fewestReaders = 5
/** How many relatives an item borrows from, and lends to. */
const mostRelatives = 10
/** The longest borrowed row. */
const longestRow = 200
/** How many new items borrow at most, the last ones of the catalogue: it bounds the time and the memory. */
const mostNewItems = 5_000
/** How many new items are added to the row of an established one, at most. */
const mostAdditions = 8

/**
 * Gives rows to items with few readers (the cold start): each is blended from the rows of its relatives, the established
 * items by the same author or else of the same category, and is added to the rows of these. Returns a new model; entries
 * of established items for each other stay as they were.
 */
export function fillNewItemRows(model: Model, facts: ItemFacts): Model {
  const readRow = createRowReader(model)
  const isNew = (item: number) => model.readerCounts[item]! < fewestReaders
  const relativesOf = createRelativesSearch(facts, { readerCounts: model.readerCounts, isNew, limit: mostRelatives })
  const rows = new Map<number, readonly Entry[]>()
  const borrowed = new Uint8Array(model.itemCount)

  const newItems = [...model.readerCounts.keys()].filter(isNew).slice(-mostNewItems)
  for (const item of newItems) {
    const relatives = relativesOf(item).map((relative) => withRow(relative, readRow(relative.item)))
    if (relatives.length === 0) continue
    borrowed[item] = 1
    rows.set(item, blendRows(relatives))
    addToRelatives(item, relatives, rows)
  }

  return { ...withRows(model, rows), borrowed }
}

interface RelativeRow extends Relative {
  row: readonly Entry[]
  /** The mean entry of the row. */
  mean: Omit<Entry, 'id'>
}

function withRow(relative: Relative, row: readonly Entry[]): RelativeRow {
  const length = Math.max(1, row.length)
  const weight = row.reduce((sum, entry) => sum + entry.weight, 0) / length
  const cosine = row.reduce((sum, entry) => sum + entry.cosine, 0) / length
  return { ...relative, row, mean: { weight, cosine } }
}

/** The relatives themselves and what they predict, as a mean weighted by kinship. */
function blendRows(relatives: readonly RelativeRow[]): Entry[] {
  const blend = new Map<number, { id: number; weight: number; cosine: number }>()
  const total = relatives.reduce((sum, { kinship }) => sum + kinship, 0)

  for (const { item, kinship, row, mean } of relatives) {
    const share = kinship / total
    for (const entry of [...row, { id: item, ...mean }]) {
      const sum = blend.get(entry.id) ?? { id: entry.id, weight: 0, cosine: 0 }
      sum.weight += entry.weight * share
      sum.cosine += entry.cosine * share
      blend.set(entry.id, sum)
    }
  }
  return [...blend.values()].sort((one, other) => other.weight - one.weight || one.id - other.id).slice(0, longestRow)
}

/** Adds the item to the row of each relative, with the row's mean entry scaled by the kinship. */
function addToRelatives(item: number, relatives: readonly RelativeRow[], rows: Map<number, readonly Entry[]>) {
  for (const { item: relative, kinship, row: original, mean } of relatives) {
    const row = rows.get(relative) ?? original
    if (row.length >= original.length + mostAdditions || row.some(({ id }) => id === item)) continue

    const entry = { id: item, weight: mean.weight * kinship, cosine: mean.cosine * kinship }
    rows.set(relative, [...row, entry])
  }
}

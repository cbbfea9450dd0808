import { binarySearch } from '../binary-search.ts'
import { firstImportedId } from './book-ids.ts'

/** Returns a function that finds the item of a book; undefined for one that is not among the items. */
export function createItemSearch(itemIds: Int32Array): (bookId: number) => number | undefined {
  // Imported books come first, and both parts are in the order of ids.
  const firstOther = itemIds.findIndex((id) => id < firstImportedId)
  const importedCount = firstOther < 0 ? itemIds.length : firstOther

  return (bookId) => {
    const [from, to] = bookId >= firstImportedId ? [0, importedCount] : [importedCount, itemIds.length]
    const item = binarySearch(itemIds, bookId, from, to)
    return item < 0 ? undefined : item
  }
}

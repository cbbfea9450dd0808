import type { Interactions } from '../src/training/interactions.ts'

/**
 * Counts, for every pair of items, the readers of both, and returns how many ordered pairs have any.
 * A plain implementation, row by row: the unit of training times.
 */
export function countCooccurrences({
  itemCount,
  readerOffsets,
  readerItems,
  itemOffsets,
  itemReaders,
}: Interactions): number {
  const together = new Int32Array(itemCount)
  const touched = new Int32Array(itemCount)
  let pairs = 0

  for (let item = 0; item < itemCount; item++) {
    let size = 0
    for (let at = itemOffsets[item]!; at < itemOffsets[item + 1]!; at++) {
      const end = readerOffsets[itemReaders[at]! + 1]!
      for (let other = readerOffsets[itemReaders[at]!]!; other < end; other++) {
        const neighbour = readerItems[other]!
        if (together[neighbour] === 0) touched[size++] = neighbour
        together[neighbour]!++
      }
    }
    pairs += size
    for (let at = 0; at < size; at++) together[touched[at]!] = 0
  }
  return pairs
}

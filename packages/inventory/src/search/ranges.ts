/** A part of a text in code points, from `start` to `end` (exclusive). */
export interface Range {
  start: number
  end: number
}

/** Sorts ranges and merges those that overlap: a word is found on its own and as a part of several. */
export function mergeRanges(ranges: readonly Range[]): Range[] {
  const merged: Range[] = []
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last && range.start < last.end) last.end = Math.max(last.end, range.end)
    else merged.push({ ...range })
  }
  return merged
}

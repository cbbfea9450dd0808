/** A part of a text, in code points: from `start` up to, but without, `end`. */
export interface Range {
  start: number
  end: number
}

/** Ranges in their order, those that overlap as one: a word is found on its own and as part of several. */
export function mergeRanges(ranges: readonly Range[]): Range[] {
  const merged: Range[] = []
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last && range.start < last.end) last.end = Math.max(last.end, range.end)
    else merged.push({ ...range })
  }
  return merged
}

/** The edit distance up to which a word is corrected: 0 for a short word, and for one with digits. */
export function maxEditDistance(word: string): number {
  const length = Array.from(word).length
  if (length < 4 || /\p{N}/u.test(word)) return 0
  return length < 8 ? 1 : 2
}

/** The edit distance of two words: insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
export function editDistance(one: string, other: string): number {
  const from = Array.from(one)
  const to = Array.from(other)
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, index) => index)

  for (const [i, letter] of from.entries()) {
    const row = [i + 1]
    for (const [j, target] of to.entries()) {
      const swapped = i > 0 && j > 0 && letter === to[j - 1] && from[i - 1] === target
      row.push(
        Math.min(
          at(last, j) + (letter === target ? 0 : 1),
          at(last, j + 1) + 1,
          at(row, j) + 1,
          swapped ? at(beforeLast, j - 1) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    beforeLast = last
    last = row
  }
  return at(last, to.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}

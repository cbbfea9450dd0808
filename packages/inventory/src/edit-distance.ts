/** How many slips are forgiven in a word: none in a short one, nor in one with digits. */
export function forgivenSlips(word: string): number {
  const length = Array.from(word).length
  if (length < 4 || /\p{N}/u.test(word)) return 0
  return length < 8 ? 1 : 2
}

/** How many slips make one word of another: a letter too many, one missing, a wrong one, or two that changed places. */
export function slipsBetween(typed: string, meant: string): number {
  const from = Array.from(typed)
  const to = Array.from(meant)
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, index) => index)

  for (const [i, letter] of from.entries()) {
    const row = [i + 1]
    for (const [j, other] of to.entries()) {
      const swapped = i > 0 && j > 0 && letter === to[j - 1] && from[i - 1] === other
      row.push(
        Math.min(
          at(last, j) + (letter === other ? 0 : 1),
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

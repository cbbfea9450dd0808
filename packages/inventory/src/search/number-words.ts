const small = 'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen'
const values = new Map([
  ...[...small.split(' '), 'seventeen', 'eighteen', 'nineteen'].map((word, value): [string, number] => [word, value]),
  ...['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'].map(
    (word, index): [string, number] => [word, (index + 2) * 10],
  ),
])

/** Reads a number in English words, as a count or as a year (nineteen eighty four); undefined where they are no number. */
export function readNumber(words: readonly string[]): number | undefined {
  let thousands = 0
  let rest = 0
  for (const word of words) {
    const value = values.get(word)
    if (word === 'thousand') {
      thousands += (rest || 1) * 1000
      rest = 0
    } else if (word === 'hundred') rest = (rest || 1) * 100
    else if (value === undefined) return undefined
    else if (rest % 100 === 0 || (isTens(rest % 100) && value < 10)) rest += value
    else rest = rest * 100 + value
  }
  return words.length === 0 ? undefined : thousands + rest
}

function isTens(value: number): boolean {
  return value >= 20 && value % 10 === 0
}

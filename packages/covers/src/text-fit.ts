/** Text broken into lines, at a size in the units of the cover. */
export interface FittedText {
  size: number
  lines: string[]
}

/** What a text has to fit. `widthOf` measures a text set at size 1. */
export interface TextLimits {
  width: number
  height: number
  largest: number
  leading: number
  widthOf: (text: string) => number
}

// Above this size a line breaks only between words; below it legibility matters more, and long words are cut.
const smallestWhole = 15
const smallest = 8

/** Breaks a text into even lines at the largest size that fits. What finds no room even at size 8 is left out. */
export function fitText(text: string, limits: TextLimits): FittedText {
  let size = limits.largest
  while (size > smallest && !fits(text, size, limits)) size -= 1

  const lines = evenLines(wordsAt(text, size, limits), limits.width / size, limits.widthOf)
  const room = Math.floor((limits.height / size - 1) / limits.leading) + 1
  return { size, lines: lines.slice(0, room) }
}

/** The height of so many lines, from the top of the first capital to below the last descender. */
export function heightOf({ size, lines }: FittedText, leading: number): number {
  return lines.length === 0 ? 0 : size * ((lines.length - 1) * leading + 1)
}

function fits(text: string, size: number, limits: TextLimits): boolean {
  const width = limits.width / size
  const words = wordsAt(text, size, limits)
  const lines = breakLines(words, width, limits.widthOf)

  return (
    words.every((word) => limits.widthOf(word) <= width) && heightOf({ size, lines }, limits.leading) <= limits.height
  )
}

function wordsAt(text: string, size: number, { width, widthOf }: TextLimits): string[] {
  const words = text.split(/\s+/).filter(Boolean)
  return size >= smallestWhole ? words : words.flatMap((word) => cutWord(word, width / size, widthOf))
}

function cutWord(word: string, width: number, widthOf: (text: string) => number): string[] {
  const parts: string[] = []
  let part = ''
  for (const letter of word) {
    if (part !== '' && widthOf(part + letter) > width) {
      parts.push(part)
      part = ''
    }
    part += letter
  }
  return [...parts, part]
}

function breakLines(words: readonly string[], width: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last !== undefined && widthOf(`${last} ${word}`) <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** Narrows the lines for as long as there are no more of them, so that none is left with one short word. */
function evenLines(words: readonly string[], width: number, widthOf: (text: string) => number): string[] {
  let lines = breakLines(words, width, widthOf)
  if (lines.length < 2) return lines

  const longestWord = Math.max(...words.map(widthOf))
  for (let narrower = width * 0.97; narrower >= longestWord; narrower *= 0.97) {
    const narrowed = breakLines(words, narrower, widthOf)
    if (narrowed.length > lines.length) break
    lines = narrowed
  }

  return lines
}

/** A word and where it stands in its text, in code points: from `start` up to, but without, `end`. */
export interface Word {
  /** In lower case and without apostrophes; accents stay. */
  text: string
  start: number
  end: number
  /** What stands between it and the word before. */
  gap: string
}

// Chinese and Japanese are written without spaces, so each of their signs counts as a word.
const sign = String.raw`[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]`
const letter = String.raw`(?!${sign})[\p{L}\p{N}]\p{M}*`
const word = new RegExp(String.raw`(?=[\p{L}\p{N}])${sign}\p{M}*|(?:${letter})+(?:['’ʼ](?:${letter})+)*`, 'gu')

/** The words of a text, in their order. */
export function wordsOf(text: string): Word[] {
  let read = 0
  let end = 0
  return Array.from(text.matchAll(word), (match) => {
    const gap = text.slice(read, match.index)
    const start = end + lengthOf(gap)
    end = start + lengthOf(match[0])
    read = match.index + match[0].length
    return { text: match[0].normalize('NFKC').toLowerCase().replaceAll(/['’ʼ]/g, ''), start, end, gap }
  })
}

function lengthOf(text: string): number {
  return Array.from(text).length
}

/** A word and its position in the text in code points, from `start` to `end` (exclusive). */
export interface Word {
  /** In lower case and without apostrophes; accents stay. */
  text: string
  start: number
  end: number
  /** The text between it and the word before. */
  gap: string
}

// Chinese and Japanese are written without spaces, so each character counts as a word.
const ideograph = String.raw`[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]`
const letter = String.raw`(?!${ideograph})[\p{L}\p{N}]\p{M}*`
const word = new RegExp(String.raw`(?=[\p{L}\p{N}])${ideograph}\p{M}*|(?:${letter})+(?:['’ʼ](?:${letter})+)*`, 'gu')

/** The words of a text, in order. */
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

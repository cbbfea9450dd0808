import { readNumber } from './number-words.ts'
import { type Word, wordsOf } from './words.ts'

/** The words that a text is found by: its own, and those that people write for several of them (mobydick, jrr, 1984). */
export function searchWordsOf(text: string): Word[] {
  const words = wordsOf(text)
  const joined = [...runsOf(words, isHyphenated), ...runsOf(words, isInitial)].filter(({ length }) => length > 1)
  const numbers = runsOf(words, isNumber)

  return [
    ...words,
    ...joined.map((run) => joinedWord(run, textsOf(run).join(''))),
    ...numbers.map((run) => joinedWord(run, String(readNumber(textsOf(run))))),
  ]
}

type Joins = (word: Word, previous: Word | undefined) => boolean

const isHyphenated: Joins = ({ gap }, previous) => previous === undefined || /^[-‐‑]$/.test(gap)

const isInitial: Joins = ({ text, gap }, previous) =>
  /^\p{L}$/u.test(text) && (previous === undefined || /^(?:\.\s?|\s)$/.test(gap))

const isNumber: Joins = ({ text, gap }, previous) =>
  readNumber([text]) !== undefined && (previous === undefined || /^[\s-]$/.test(gap))

/** Runs of words that are joined. `joins` decides whether a word begins a run, or continues the one of `previous`. */
function runsOf(words: readonly Word[], joins: Joins): Word[][] {
  const runs: Word[][] = []
  let run: Word[] = []
  for (const word of words) {
    if (!joins(word, run.at(-1))) {
      if (run.length > 0) runs.push(run)
      run = []
    }
    if (run.length > 0 || joins(word, undefined)) run.push(word)
  }
  if (run.length > 0) runs.push(run)
  return runs
}

function textsOf(run: readonly Word[]): string[] {
  return run.map(({ text }) => text)
}

function joinedWord(run: readonly Word[], text: string): Word {
  const [first, last] = [run[0], run.at(-1)]
  return { text, start: first?.start ?? 0, end: last?.end ?? 0, gap: first?.gap ?? '' }
}

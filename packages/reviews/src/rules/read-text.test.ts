import { describe, expect, it } from '@jest/globals'
import { requireText } from './read-text.ts'

const rule = { min: 5, max: 20, hasLines: true }
const read = (text: string) => requireText('text', text, rule)

describe('a text of a reader', () => {
  it.each([
    ['is composed', 'Cafe\u0301 noir', 'Caf\u00e9 noir'],
    ['has line feeds', 'one\r\ntwo\rthree', 'one\ntwo\nthree'],
    ['has at most two empty lines in a row', 'one\n\n\n\n\n\ntwo', 'one\n\n\ntwo'],
    ['counts lines of spaces as empty', 'one\n \n \n \n \ntwo', 'one\n\n\ntwo'],
    ['has nothing around it', '\n  one two \n', 'one two'],
    ['has spaces for tabs', 'one\ttwo', 'one two'],
    ['keeps other scripts and marks of their direction', 'שלום\u200f ספר', 'שלום\u200f ספר'],
    ['is counted in characters', '📚'.repeat(20), '📚'.repeat(20)],
  ])('%s', (_, given, expected) => {
    expect(read(given)).toBe(expected)
  })

  it.each([
    ['one \u0000 two', 'text must not contain the character U+0000 (control)'],
    ['one \u001b[31m two', 'text must not contain the character U+001B (control)'],
    ['one \u0085 two', 'text must not contain the character U+0085 (control)'],
    ['one \u202e two', 'text must not contain the character U+202E (right-to-left override)'],
    ['one \u2066 two', 'text must not contain the character U+2066 (left-to-right isolate)'],
    ['one \u2028 two', 'text must not contain the character U+2028 (line separator)'],
    ['one \ud83d two', 'text must not contain the character U+D83D (half of a surrogate pair)'],
    ['four', 'text must have at least 5 characters'],
    ['x'.repeat(21), 'text must have at most 20 characters'],
    ['\u200b'.repeat(6), 'text must have visible characters'],
  ])('is refused, with the reason: %j', (given, message) => {
    expect(() => read(given)).toThrow(message)
  })

  it('has one line unless it may have several', () => {
    const reading = () => requireText('title', 'one\ntwo', { max: 20 })

    expect(reading).toThrow('title must not contain the character U+000A (line break)')
  })
})

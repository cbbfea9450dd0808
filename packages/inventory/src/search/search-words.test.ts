import { describe, expect, it } from '@jest/globals'
import { searchWordsOf } from './search-words.ts'

describe('the words that a text is found by', () => {
  it.each([
    ["Ender's Game", ['enders', 'game']],
    ['Moby-Dick', ['moby', 'dick', 'mobydick']],
    ['J. R. R. Tolkien', ['j', 'r', 'r', 'tolkien', 'jrr']],
    ['M.R. James', ['m', 'r', 'james', 'mr']],
    ['A Is for Alibi', ['a', 'is', 'for', 'alibi']],
    ['I, Claudius', ['i', 'claudius']],
    ['Nineteen Eighty-Four', ['nineteen', 'eighty', 'four', 'eightyfour', '1984']],
    ['One Hundred Years', ['one', 'hundred', 'years', '100']],
    ['Twenty Thousand Leagues', ['twenty', 'thousand', 'leagues', '20000']],
    ['Seven, Eight', ['seven', 'eight', '7', '8']],
    ['ÉCLAIR, ﬁne', ['éclair', 'fine']],
    ['百年の孤独', ['百', '年', 'の', '孤', '独']],
    ['Дом 2', ['дом', '2']],
    ['— “…” 📚', []],
  ])('%s', (text, words) => {
    expect(searchWordsOf(text).map((word) => word.text)).toEqual(words)
  })

  it('have their positions in code points', () => {
    expect(searchWordsOf('📚 Moby-Dick').map(({ text, start, end }) => [text, start, end])).toEqual([
      ['moby', 2, 6],
      ['dick', 7, 11],
      ['mobydick', 2, 11],
    ])
  })
})

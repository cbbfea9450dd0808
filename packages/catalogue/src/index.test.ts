import { describe, expect, it } from '@jest/globals'
import { type Category, categories, loadCatalogue } from './index.ts'

const books = loadCatalogue()

describe('the catalogue', () => {
  it('has at least 240 books, numbered from 1 without gaps', () => {
    expect(books.length).toBeGreaterThanOrEqual(240)
    expect(books.map(({ id }) => id)).toEqual(books.map((_, index) => index + 1))
  })

  it('begins with nine books whose ids other clients use', () => {
    expect(books.slice(0, 9).map(({ id, title, category }) => [id, title, category])).toEqual([
      [1, 'The Maltese Falcon', 'MYSTERY'],
      [2, 'Murder on the Orient Express', 'MYSTERY'],
      [3, 'The Hound of the Baskervilles', 'MYSTERY'],
      [4, "The Hitchhiker's Guide to the Galaxy", 'SCIENCE_FICTION'],
      [5, "Ender's Game", 'SCIENCE_FICTION'],
      [6, 'The Dune Chronicles', 'SCIENCE_FICTION'],
      [7, 'The 7 Habits of Highly Effective People', 'SELF_HELP'],
      [8, 'How to Win Friends and Influence People', 'SELF_HELP'],
      [9, "Man's Search for Meaning", 'SELF_HELP'],
    ])
  })

  it.each(categories)('has at least 20 books of %s', (category: Category) => {
    expect(books.filter((book) => book.category === category).length).toBeGreaterThanOrEqual(20)
  })

  it('has all facts of every book', () => {
    for (const book of books) {
      expect(book).toEqual({
        id: expect.any(Number),
        title: expect.stringMatching(/^\S.*\S$|^\S$/),
        author: expect.stringMatching(/^\S.*\S$/),
        year: expect.any(Number),
        category: expect.stringMatching(new RegExp(`^(${categories.join('|')})$`)),
        priceCents: expect.any(Number),
        currency: 'EUR',
      })
      expect(book.year).toBeGreaterThan(1500)
      expect(book.year).toBeLessThanOrEqual(new Date().getFullYear())
      expect(Number.isInteger(book.priceCents)).toBe(true)
      expect(book.priceCents).toBeGreaterThanOrEqual(599)
      expect(book.priceCents).toBeLessThanOrEqual(3499)
    }
  })

  it('lists no book twice', () => {
    const titles = books.map(({ title }) => title.toLowerCase())

    expect(new Set(titles).size).toBe(titles.length)
  })
})

import { describe, expect, it } from '@jest/globals'
import { lastNameOf } from './last-name.ts'

describe('the last name of an author', () => {
  it.each([
    ['Agatha Christie', 'Christie'],
    ['J. R. R. Tolkien', 'Tolkien'],
    ['Voltaire', 'Voltaire'],
    ['Ursula K. Le Guin', 'Le Guin'],
    ['Emmanuel Le Roy Ladurie', 'Le Roy Ladurie'],
    ['W. E. B. Du Bois', 'Du Bois'],
    ['Daphne du Maurier', 'du Maurier'],
    ['Miguel de Cervantes', 'Cervantes'],
    ['Antoine de Saint-Exupéry', 'Saint-Exupéry'],
    ['Mark Van Doren', 'Van Doren'],
    ['Martin Luther King, Jr.', 'King'],
    ['Kurt Vonnegut Jr.', 'Vonnegut'],
    ['Terry Pratchett & Neil Gaiman', 'Pratchett'],
    ['Maj Sjöwall and Per Wahlöö', 'Sjöwall'],
    ['村上春樹', '村上春樹'],
    ['La Rochefoucauld', 'Rochefoucauld'],
  ])('%s: %s', (author, lastName) => {
    expect(lastNameOf(author)).toBe(lastName)
  })
})

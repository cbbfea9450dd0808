import { describe, expect, it } from '@jest/globals'
import { normalizePassword, problemOfPassword } from './password-policy.ts'

const ada = { name: 'Ada Lovelace', email: 'countess@example.org' }

describe('a new password', () => {
  it.each(['correct horse battery', 'a'.repeat(10) + 'ü𝒳漢字 ', '15 characters !', 'x1'.repeat(64)])(
    'may be %s',
    (password) => {
      expect(problemOfPassword(normalizePassword(password), ada)).toBeUndefined()
    },
  )

  it.each([
    ['14 characters!', 'must have at least 15 characters'],
    ['', 'must have at least 15 characters'],
    ['x1'.repeat(64) + 'x', 'must have at most 128 characters'],
    ['passwordpassword', 'is one that many people use, so it is easy to guess'],
    ['PasswordPassword', 'is one that many people use, so it is easy to guess'],
    ['Ada-Lovelace-1815', 'must not be made of your name or address'],
    ['countess@example.org', 'must not be made of your name or address'],
    ['lovelacecountess1', 'must not be made of your name or address'],
  ])('may not be "%s"', (password, problem) => {
    expect(problemOfPassword(normalizePassword(password), ada)).toBe(problem)
  })

  it('counts characters, and not what they are made of', () => {
    // Fourteen letters, each with an accent of its own: twenty-eight code points until they are normalized.
    const composed = normalizePassword('e\u0301'.repeat(14))

    expect(problemOfPassword(composed, ada)).toBe('must have at least 15 characters')
    expect(problemOfPassword(normalizePassword('𝒳'.repeat(14)), ada)).toBe('must have at least 15 characters')
  })

  it('may contain a short part of the name', () => {
    expect(problemOfPassword('adaptable adverbs', ada)).toBeUndefined()
  })
})

import { createRequire } from 'node:module'

// It has no types.
const commonPasswords = createRequire(import.meta.url)('fxa-common-password-list') as {
  test(password: string): boolean
}

/** NIST SP 800-63B-4, 3.1.1.2: at least 15 characters where the password is the only factor, and no rules of composition. */
export const shortest = 15
/** The longest password; the same standard asks for at least 64. */
export const longest = 128

// What must be left of a password without the reader's own name and address.
const shortestWithoutOwn = 8
// Shorter parts, such as initials, are in most words.
const shortestPart = 3

/** What a password is compared with besides the list of common ones. */
export interface PasswordContext {
  name: string
  email: string
}

/** A password in the one form in which it is hashed: the same characters typed on any keyboard (Unicode NFC). */
export function normalizePassword(password: string): string {
  return password.normalize('NFC')
}

/** Why a normalized password is refused, as the rest of a sentence that begins with it; undefined for one that is accepted. */
export function problemOfPassword(password: string, { name, email }: PasswordContext): string | undefined {
  const { length } = Array.from(password)
  if (length < shortest) return `must have at least ${shortest} characters`
  if (length > longest) return `must have at most ${longest} characters`
  const lower = password.toLowerCase()
  if (commonPasswords.test(lower)) return 'is one that many people use, so it is easy to guess'
  if (withoutOwn(lower, [...name.split(/\s+/), ...email.split('@')]).length < shortestWithoutOwn) {
    return 'must not be made of your name or address'
  }
  return undefined
}

function withoutOwn(password: string, parts: readonly string[]): string {
  const own = parts.map((part) => part.toLowerCase()).filter((part) => part.length >= shortestPart)
  return own.reduce((rest, part) => rest.replaceAll(part, ''), password)
}

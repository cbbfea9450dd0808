import { invalidArgument } from '@books/rpc'
import { isBlank } from '@books/runtime'

/** What a text may be. */
export interface TextRule {
  min?: number
  /** In characters (code points) after normalization. */
  max: number
  hasLines?: boolean
  /** Whether it may be empty, however short it must not be else. */
  isOptional?: boolean
}

// Control characters, those that change the direction of the text around them, line separators, and halves of a character.
const refused = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u
const refusedInLines = /[^\P{Cc}\n]|[\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u

/**
 * Reads plain text: NFC, line breaks as LF, no spaces around it, and at most two empty lines in a row. Throws INVALID_ARGUMENT where it
 * is too short or too long, and for control characters and those that change the direction of text, of which it names the first.
 */
export function requireText(field: string, given: string, { min = 0, max, hasLines, isOptional }: TextRule): string {
  // Normalization makes no text that much shorter, and takes time where it is long.
  if (given.length > 10 * max) throw invalidArgument(field, `must have at most ${max} characters`)
  const lines = given
    .normalize('NFC')
    .replaceAll('\t', ' ')
    .split(/\r\n|\r|\n/)
  const text = lines
    .map((line) => line.trimEnd())
    .join('\n')
    .replaceAll(/\n{4,}/g, '\n\n\n')
    .trim()
  const character = (hasLines ? refusedInLines : refused).exec(text)?.[0]
  if (character !== undefined) throw invalidArgument(field, `must not contain the character ${nameOf(character)}`)
  if (isOptional && text === '') return text
  const length = Array.from(text).length
  if (length > max) throw invalidArgument(field, `must have at most ${max} characters`)
  if (length < min)
    throw invalidArgument(field, min === 1 ? 'must not be empty' : `must have at least ${min} characters`)
  if (length > 0 && isBlank(text)) throw invalidArgument(field, 'must have visible characters')
  return text
}

const names: Readonly<Record<string, string>> = {
  '\u202a': 'left-to-right embedding',
  '\u202b': 'right-to-left embedding',
  '\u202c': 'pop directional formatting',
  '\u202d': 'left-to-right override',
  '\u202e': 'right-to-left override',
  '\u2028': 'line separator',
  '\u2029': 'paragraph separator',
  '\u2066': 'left-to-right isolate',
  '\u2067': 'right-to-left isolate',
  '\u2068': 'first strong isolate',
  '\u2069': 'pop directional isolate',
  '\n': 'line break',
}

function nameOf(character: string): string {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  return `${code} (${names[character] ?? (/\p{Cs}/u.test(character) ? 'half of a surrogate pair' : 'control')})`
}

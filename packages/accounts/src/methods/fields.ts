import { type Address, readAddress } from '@books/mail'
import type { Origin } from '@books/proto'
import { invalidArgument, notFound, type RpcError, raise } from '@books/rpc'
import { isBlank, networkOf } from '@books/runtime'
import { normalizePassword, type PasswordContext, problemOfPassword } from '../passwords/password-policy.ts'
import type { SessionOrigin } from '../session-store.ts'

const longestName = 100
// A normalized password of the longest length has fewer bytes than this, in any script.
const longestGuess = 1_024

/** Reads an address. Throws INVALID_ARGUMENT where it is none. */
export function requireAddress(field: string, email: string): Address {
  return readAddress(email) ?? raise(invalidArgument(field, 'must be one email address, such as ada@example.org'))
}

/** Reads a name: 1 to 100 characters without those that control text. */
export function requireName(name: string): string {
  const trimmed = name.normalize('NFC').trim()
  if (isBlank(trimmed)) throw invalidArgument('name', 'must not be empty')
  if (Array.from(trimmed).length > longestName)
    throw invalidArgument('name', `must have at most ${longestName} characters`)
  // Control characters, and those that change the direction of the text around them.
  if (/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(trimmed)) {
    throw invalidArgument('name', 'must not contain control characters')
  }
  return trimmed
}

/** Reads a new password. Throws INVALID_ARGUMENT, with the reason, for one that is too short, too long or easy to guess. */
export function requireNewPassword(field: string, password: string, context: PasswordContext): string {
  const normalized = normalizePassword(password)
  const problem = problemOfPassword(normalized, context)
  if (problem) throw invalidArgument(field, problem)
  return normalized
}

/** Reads a password that may be right or wrong. */
export function requirePassword(field: string, password: string): string {
  if (password === '') throw invalidArgument(field, 'must not be empty')
  if (password.length > longestGuess) throw invalidArgument(field, 'is too long')
  return normalizePassword(password)
}

/** Reads where a request comes from. */
export function originOf(origin: Origin | undefined): SessionOrigin {
  const { network = '', userAgent = '' } = origin ?? {}
  const known = networkOf(network) ?? raise(invalidArgument('origin.network', 'must be an IPv4 or IPv6 address'))
  return { network: known, userAgent: userAgent.replace(/\p{Cc}/gu, ' ') }
}

/** A link that cannot be used, for whatever reason. */
export function noSuchLink(): RpcError {
  return notFound('The link is unknown, was used or is too old')
}

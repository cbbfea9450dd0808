import { createHash, randomBytes } from 'node:crypto'

/** A new secret of 256 random bits, as text that fits into a URL. */
export function createToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is kept of a token: its SHA-256. A secret of 256 random bits needs no salt. */
export function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** A new identifier that says nothing and opens nothing. */
export function createId(): string {
  return randomBytes(12).toString('hex')
}

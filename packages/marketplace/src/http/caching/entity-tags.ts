import { crc32 } from 'node:zlib'

/**
 * The entity tag of a body: its length and its CRC-32, as a cryptographic hash takes three times as long for every page. Two
 * bodies of one length share it with a probability of 2⁻³². It is weak, as it is the same for every encoding of the body.
 */
export function entityTagOf(body: Buffer): string {
  return `W/"${body.length.toString(36)}-${crc32(body).toString(36)}"`
}

/** Whether an `If-None-Match` header names this tag (RFC 9110, 13.1.2). */
export function matchesTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch === '*' || ifNoneMatch.split(',').some((known) => opaque(known.trim()) === opaque(tag))
}

function opaque(tag: string): string {
  return tag.replace(/^W\//, '')
}

import { crc32 } from 'node:zlib'

/**
 * The tag of a body: its length and its check sum. Two bodies have it in common once in four thousand million times that
 * they are of the same length; what rules out even that takes three times as long, for every page. It is weak, as it stays the
 * same however the body is compressed.
 */
export function tagOf(body: Buffer): string {
  return `W/"${body.length.toString(36)}-${crc32(body).toString(36)}"`
}

/** Whether an `If-None-Match` header names this tag: whoever sent it has the body already (RFC 9110, 13.1.2). */
export function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch === '*' || ifNoneMatch.split(',').some((known) => opaque(known.trim()) === opaque(tag))
}

function opaque(tag: string): string {
  return tag.replace(/^W\//, '')
}

import { hash } from 'node:crypto'

/** The tag of a body: another for other bytes. It is weak, as it stays the same however the body is compressed. */
export function tagOf(body: Buffer): string {
  return `W/"${hash('sha256', body, 'base64url').slice(0, 22)}"`
}

/** Whether an `If-None-Match` header names this tag: whoever sent it has the body already (RFC 9110, 13.1.2). */
export function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch === '*' || ifNoneMatch.split(',').some((known) => opaque(known.trim()) === opaque(tag))
}

function opaque(tag: string): string {
  return tag.replace(/^W\//, '')
}

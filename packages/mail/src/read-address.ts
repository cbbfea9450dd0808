import { domainToASCII } from 'node:url'

/** An email address that one mail can be sent to. */
export interface Address {
  /** As it was typed, without surrounding spaces. */
  typed: string
  /** What servers are told: the part before the @ as typed, and the domain in lower-case ASCII. */
  address: string
  /** Equal for addresses that differ in case only, though a server may distinguish them. */
  key: string
}

// RFC 5321: the longest path without its brackets, and the longest local part.
const longest = 254
const longestLocal = 64
// RFC 5322's dot-atom. Quoted local parts are valid, too, but of no use to people.
const dotAtom = /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/
// The URL parser would decode or cut these.
const noDomain = /[\p{Cc}\p{Z}%@:/?#\\[\]()<>,;"|^`]/u
const hostName = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * Reads one email address; undefined where the text is none, or more than an address: a name, a comment, a list, a control
 * character such as a line break.
 */
export function readAddress(text: string): Address | undefined {
  const typed = text.replaceAll(/^ +| +$/g, '')
  const at = typed.lastIndexOf('@')
  const [local, typedDomain] = [typed.slice(0, Math.max(0, at)), typed.slice(at + 1)]
  if (typed.length > longest || local.length > longestLocal || !dotAtom.test(local) || noDomain.test(typedDomain)) {
    return undefined
  }

  const domain = domainToASCII(typedDomain)
  const address = `${local}@${domain}`
  if (!hostName.test(domain) || address.length > longest) return undefined
  return { typed, address, key: address.toLowerCase() }
}

import ipaddr from 'ipaddr.js'

// What one customer of a provider usually has (RIPE-690).
const ipv6Groups = 4

/**
 * The network that an address belongs to, as limits count it: an IPv4 address itself, the first 64 bits of an IPv6 one. Empty for an
 * empty text; undefined for any other that is no address.
 */
export function networkOf(address: string): string | undefined {
  if (address === '') return ''
  if (!ipaddr.isValid(address)) return undefined
  const parsed = ipaddr.process(address)
  if (parsed instanceof ipaddr.IPv4) return parsed.toString()
  return `${parsed.parts
    .slice(0, ipv6Groups)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}

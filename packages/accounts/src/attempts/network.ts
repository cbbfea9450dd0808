import { invalidArgument } from '@books/rpc'
import ipaddr from 'ipaddr.js'

// What one customer of a provider usually has (RIPE-690).
const ipv6Groups = 4

/**
 * The network that an address belongs to, as attempts are counted: an IPv4 address itself, the first 64 bits of an IPv6 one. Empty for
 * an empty text; INVALID_ARGUMENT for any other that is no address.
 */
export function networkOf(address: string): string {
  if (address === '') return ''
  if (!ipaddr.isValid(address)) throw invalidArgument('origin.network', 'must be an IPv4 or IPv6 address')
  const parsed = ipaddr.process(address)
  if (parsed instanceof ipaddr.IPv4) return parsed.toString()
  return `${parsed.parts
    .slice(0, ipv6Groups)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}

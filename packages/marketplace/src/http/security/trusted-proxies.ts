import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { StartError } from '@books/runtime'
import proxyAddr from '@fastify/proxy-addr'
import type { FastifyInstance } from 'fastify'

/** Whether the proxy with this address is trusted. */
export type TrustedProxies = (address: string, hop: number) => boolean

/**
 * Reads TRUSTED_PROXIES: addresses and networks, separated by commas. Undefined where there are none. Throws a `StartError` that
 * names the first entry that is neither.
 */
export function readTrustedProxies(setting = ''): TrustedProxies | undefined {
  const entries = setting.split(',').flatMap((entry) => entry.trim() || [])
  for (const entry of entries) {
    if (isAddressOrNetwork(entry)) continue
    const problem = `TRUSTED_PROXIES has "${entry}", which is no address and no network such as 10.0.0.0/8`
    throw new StartError(`wrong settings: ${problem}`)
  }
  return entries.length > 0 ? proxyAddr.compile(entries) : undefined
}

function isAddressOrNetwork(entry: string): boolean {
  try {
    proxyAddr.compile(entry)
    // It also takes 10.0.0 for 10.0.0.0, and names of networks.
    return !/^[\d.]+(\/|$)/.test(entry) || isIP(entry.split('/')[0] ?? '') > 0
  } catch {
    return false
  }
}

/**
 * Lets `request.ip` be an address, whatever a proxy writes: some add the port of the client, with which each connection would count
 * as another client. What is no address is dropped, together with all that was reported before it.
 */
export function useForwardedAddresses(app: FastifyInstance): void {
  app.addHook('onRequest', ({ raw: { headers } }, _reply, done) => {
    const header = headers['x-forwarded-for']
    if (header !== undefined) headers['x-forwarded-for'] = addressesIn(String(header)).join(', ')
    done()
  })
}

function addressesIn(header: string): string[] {
  const addresses = header.split(',').flatMap((entry) => (entry.trim() ? [addressIn(entry.trim())] : []))
  return addresses.slice(addresses.lastIndexOf(undefined) + 1).flatMap((address) => address ?? [])
}

/** The scheme of the URL that the client asked for, http or https: what the nearest proxy says, where that is trusted. */
export function schemeOf({ headers, socket }: IncomingMessage, trusted: TrustedProxies | undefined): string {
  const forwarded = headers['x-forwarded-proto']
  if (forwarded !== undefined && trusted?.(socket.remoteAddress ?? '', 0)) {
    const scheme = String(forwarded).split(',').at(-1)!.trim().toLowerCase()
    // Some proxies pass on what a client wrote, and metrics keep each scheme.
    if (scheme === 'http' || scheme === 'https') return scheme
  }
  return 'encrypted' in socket ? 'https' : 'http'
}

const withPort = /^(?:\[(?<v6>[^\]]*)\](?::\d+)?|(?<v4>[\d.]+):\d+)$/

function addressIn(entry: string): string | undefined {
  const { v4, v6 } = withPort.exec(entry)?.groups ?? {}
  const address = v4 ?? v6 ?? entry
  return isIP(address) > 0 && !address.includes('%') ? address : undefined
}

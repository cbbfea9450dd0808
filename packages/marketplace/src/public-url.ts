import { addressOf } from '@books/rpc'
import { StartError } from '@books/runtime'
import { reachableHostOf } from '@books/service'

/**
 * The shop's origin, as browsers send it in `Origin`: that of PUBLIC_URL, or by default the one where this machine reaches it.
 * Throws a `StartError` where PUBLIC_URL is no URL.
 */
export function publicUrlOf(setting: string | undefined, { host, port }: { host: string; port: number }): string {
  // No URL names a network interface, as fe80::1%eth0 does.
  const url = setting ?? `http://${addressOf(reachableHostOf(host).replace(/%.*/, ''), port)}`
  if (!URL.canParse(url)) throw new StartError('wrong settings: PUBLIC_URL has no valid host and port')
  return new URL(url).origin
}

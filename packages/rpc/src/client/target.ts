// `dns:53` is a host called dns with its port; anything else after one of these names is grpc's to read.
const schemes = /^(dns|ipv4|ipv6|unix):(?!\d+$)/

/** What grpc connects to for an address. `host:port` is looked up in DNS; an address with a scheme stays as it is. */
export function targetOf(address: string): string {
  return schemes.test(address) ? address : `dns:///${address}`
}

/**
 * Whether an address leads to one server, however many addresses that has. Any other name may stand for several replicas.
 * `localhost` is `::1` and `127.0.0.1` on most machines, and a server need not listen on both.
 */
export function isOneServer(address: string): boolean {
  return /^(localhost|[\d.]+|\[[^\]]*\]):\d+$|^unix:/.test(address)
}

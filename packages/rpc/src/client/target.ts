// `dns:53` is a host named dns and its port; any other address that begins with one of these has a scheme of gRPC.
const schemes = /^(dns|ipv4|ipv6|unix):(?!\d+$)/

/** The target of gRPC for an address. `host:port` is resolved with DNS; an address with a scheme stays as it is. */
export function targetOf(address: string): string {
  return schemes.test(address) ? address : `dns:///${address}`
}

/**
 * Whether an address is one server, however many IP addresses it has. Any other name may stand for several replicas.
 * `localhost` is `::1` and `127.0.0.1` on most machines, and a server need not listen on both.
 */
export function isOneServer(address: string): boolean {
  return /^(localhost|[\d.]+|\[[^\]]*\]):\d+$|^unix:/.test(address)
}

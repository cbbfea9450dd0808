/**
 * The host under which this machine reaches what listens on `host`, without brackets: `localhost` where that is all of the
 * machine's addresses, such as `::` or `0.0.0.0`.
 */
export function reachableHostOf(host: string): string {
  const name = host.replace(/^\[(.*)\]$/, '$1')
  return /^[0:.]+$/.test(name) ? 'localhost' : name
}

// The ports from here on are free in the documentation of the store.
const firstPort = 50_061

/** The port of a new service: the first one above those that services have, and above the ones that are spoken for. */
export function findPort(services: readonly { port: number }[]): number {
  return Math.max(firstPort - 1, ...services.map(({ port }) => port)) + 1
}

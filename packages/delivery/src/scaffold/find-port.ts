// Planned services use those below.
const firstPort = 50_061

/** The port of a new service: the next one above those of all services and of planned ones. */
export function findPort(services: readonly { port: number }[]): number {
  return Math.max(firstPort - 1, ...services.map(({ port }) => port)) + 1
}

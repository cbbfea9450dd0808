import { cookieSecret } from './readers.ts'

/** Variables of a shop whose backends are all on one port, with defaults for the others. */
export function variablesOver(servicesPort: number): Record<string, string> {
  const services = ['RECOMMENDATIONS', 'ARTICLES', 'INVENTORY', 'CART', 'REVIEWS'].flatMap((name) => [
    [`${name}_HOST`, '127.0.0.1'],
    [`${name}_PORT`, String(servicesPort)],
    // A page without an answer takes less time, and is not what is measured.
    [`${name}_DEADLINE_MS`, '10000'],
  ])
  // No load shedding, as the load is the highest possible.
  const limits = { BUSY_MS: '60000' }
  // The names of cookies have no port, as readers make them before the shop has one.
  const own = { HOST: '127.0.0.1', PORT: '0', PUBLIC_URL: 'http://localhost', COOKIE_SECRET: cookieSecret }
  return { ...Object.fromEntries(services), ...limits, ...own }
}

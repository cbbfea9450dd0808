import { cookieSecret } from './readers.ts'

/** Variables of a shop with every service behind one port; the others are what they are by default. */
export function variablesOver(servicesPort: number): Record<string, string> {
  const services = ['RECOMMENDATIONS', 'ARTICLES', 'INVENTORY'].flatMap((name) => [
    [`${name}_HOST`, '127.0.0.1'],
    [`${name}_PORT`, String(servicesPort)],
    // A page without an answer is a cheaper page, by which nobody is to be measured.
    [`${name}_DEADLINE_MS`, '10000'],
  ])
  // It is to be at its limit, and turns nobody away there.
  const limits = { BUSY_MS: '60000' }
  return { ...Object.fromEntries(services), ...limits, HOST: '127.0.0.1', PORT: '0', COOKIE_SECRET: cookieSecret }
}

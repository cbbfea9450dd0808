import type { FastifyInstance } from 'fastify'

/** The Observatory's score of a site, and the points of each of its tests. */
export interface Scan {
  score: number
  points: Record<string, number>
}

/** What the Observatory reads from a site over TLS. */
interface Site {
  headers: Readonly<Record<string, unknown>>
  body: string
  cookies: readonly Cookie[]
  /** The headers of the answer to a CORS preflight request. */
  corsHeaders: Readonly<Record<string, unknown>>
}

interface Cookie {
  name: string
  secure?: boolean
  httpOnly?: boolean
  sameSite?: string
}

// The tests by their names in the Observatory. The rules are those of version 4 of its algorithm, from
// https://github.com/mdn/mdn-http-observatory/tree/main/src/analyzer/tests, the points from src/grader/charts.js, documented
// at https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring.
const tests: Record<string, (site: Site) => number> = {
  // csp.js
  'content-security-policy': ({ headers }) => {
    const csp = readCsp(headers)
    if (!csp) return -25
    const [script, object, style] = ['script-src', 'object-src', 'style-src'].map((name) => sourcesOf(csp, name))
    const active = [...csp].filter(([name]) => !passive.includes(name)).flatMap(([, sources]) => sources)
    if (hasAny(script, [...broad, ...unsafe]) || hasAny(object, broad)) return -20
    if (active.some(isOverHttp)) return -20
    if (hasAny([...script!, ...style!], ["'unsafe-eval'"])) return -10
    if (passive.flatMap((name) => sourcesOf(csp, name)).some(isOverHttp)) return -10
    if (hasAny(style, [...broad, ...unsafe])) return 0
    return csp.get('default-src')?.join() === "'none'" ? 10 : 5
  },
  // cookies.js
  cookies: (site) => {
    if (site.cookies.length === 0) return 0
    const isRestrictedToTls = hstsSecondsOf(site) >= halfYear
    const losses = site.cookies.map(({ name, secure, httpOnly, sameSite }) => {
      const isSession = /login|sess/i.test(name)
      return Math.min(
        secure ? 0 : (isSession ? 2 : 1) * (isRestrictedToTls ? -5 : -20),
        isSession && !httpOnly ? -30 : 0,
        /csrf/i.test(name) && !sameSite ? -20 : 0,
      )
    })
    const worst = Math.min(...losses)
    return worst === 0 && site.cookies.every(({ sameSite }) => sameSite) ? 5 : worst
  },
  // cors.js
  'cross-origin-resource-sharing': ({ corsHeaders }) =>
    corsHeaders['access-control-allow-origin'] === foreignOrigin &&
    corsHeaders['access-control-allow-credentials'] === 'true'
      ? -50
      : 0,
  // redirection.js: 0 where HTTP redirects to HTTPS or is closed, which is up to the proxy.
  redirection: () => 0,
  // referrer-policy.js
  'referrer-policy': ({ headers }) => {
    const policy = headers['referrer-policy']
    if (policy === undefined) return 0
    const strict: unknown[] = ['no-referrer', 'same-origin', 'strict-origin', 'strict-origin-when-cross-origin']
    return strict.includes(policy) ? 5 : -5
  },
  // strict-transport-security.js: 5 more for sites on the preload list of browsers.
  'strict-transport-security': (site) => {
    const seconds = hstsSecondsOf(site)
    if (Number.isNaN(seconds)) return -20
    return seconds >= halfYear ? 0 : -10
  },
  // subresource-integrity.js: 0 for a page that loads no scripts.
  'subresource-integrity': ({ body }) => {
    if (/<script[^>]*\ssrc/i.test(body)) throw new Error('the rules for pages that load scripts are not implemented')
    return 0
  },
  // x-content-type-options.js
  'x-content-type-options': ({ headers }) => (headers['x-content-type-options'] === 'nosniff' ? 0 : -5),
  // x-frame-options.js
  'x-frame-options': ({ headers }) => {
    if (readCsp(headers)?.has('frame-ancestors')) return 5
    return ['DENY', 'SAMEORIGIN'].includes(String(headers['x-frame-options'])) ? 0 : -20
  },
  // cross-origin-resource-policy.js
  'cross-origin-resource-policy': ({ headers }) => {
    const policy = headers['cross-origin-resource-policy']
    if (policy === undefined || policy === 'cross-origin') return 0
    return policy === 'same-origin' || policy === 'same-site' ? 10 : -5
  },
}

const foreignOrigin = 'https://http-observatory.security.mozilla.org'
const halfYear = 15_552_000
// Below this score a site gets no extra credit.
const leastForExtraCredit = 90

const passive = ['img-src', 'media-src']
const broad = ['ftp:', 'http:', 'https:', '*', 'http://*', 'http://*.*', 'https://*', 'https://*.*']
const unsafe = ["'unsafe-inline'", 'data:']

/** Scans a shop as the Observatory does: a page, the cookies of `robots.txt`, and CORS. */
export async function scan(app: FastifyInstance, url: string): Promise<Scan> {
  const page = await app.inject(url)
  const robots = await app.inject('/robots.txt')
  const preflight = { origin: foreignOrigin, 'access-control-request-method': 'GET' }
  const { headers: corsHeaders } = await app.inject({ method: 'OPTIONS', url, headers: preflight })
  return scoreOf({
    ...page,
    body: page.body,
    headers: page.headers,
    cookies: [...page.cookies, ...robots.cookies],
    corsHeaders,
  })
}

/** The score of a site. */
export function scoreOf(site: Site): Scan {
  const points = Object.fromEntries(Object.entries(tests).map(([name, test]) => [name, test(site)]))
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 100)
  const withoutCredit = sum(Object.values(points).filter((value) => value < 0))
  const score = withoutCredit >= leastForExtraCredit ? sum(Object.values(points)) : Math.max(withoutCredit, 0)
  return { score, points }
}

/** The directives of a policy; undefined where there is none, or where it has one twice. */
function readCsp(headers: Site['headers']): Map<string, string[]> | undefined {
  const header = headers['content-security-policy']
  if (typeof header !== 'string') return undefined
  const directives = header.split(';').map((directive) => directive.trim().toLowerCase().split(/\s+/))
  const csp = new Map(directives.map(([name = '', ...sources]) => [name, sources]))
  return csp.size === directives.length ? csp : undefined
}

function sourcesOf(csp: ReadonlyMap<string, string[]>, name: string): string[] {
  const sources = csp.get(name) ?? csp.get('default-src') ?? ['*']
  const isNamed = sources.some((source) => /^'(nonce|sha256|sha384|sha512)-/.test(source))
  return isNamed ? sources.filter((source) => source !== "'unsafe-inline'") : sources
}

function hasAny(sources: readonly string[] | undefined, wanted: readonly string[]): boolean {
  return sources?.some((source) => wanted.includes(source)) ?? false
}

function isOverHttp(source: string): boolean {
  return source.startsWith('http:') || source.startsWith('ftp:')
}

function hstsSecondsOf({ headers }: Site): number {
  return Number(/max-age=(\d+)/.exec(String(headers['strict-transport-security']))?.[1] ?? Number.NaN)
}
